import { SegmentedMessage } from 'sms-segments-calculator';

/** The two alphabets of a text message; one letter outside GSM-7 turns the whole text into UCS-2. */
export type SmsEncoding = 'GSM-7' | 'UCS-2';

/** What a text costs. `units` are septets or 16-bit units, `perSegment` how many of them fit into each of its segments. */
export interface SegmentCount {
  readonly encoding: SmsEncoding;
  readonly segments: number;
  readonly units: number;
  readonly perSegment: number;
}

const CAPACITY = { 'GSM-7': { single: 160, joined: 153 }, 'UCS-2': { single: 70, joined: 67 } } as const;

/** Letters of ASCII that GSM-7 has and counts once, as many as one segment holds: most texts are that, and the library takes a millisecond. */
const ONE_SEGMENT = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]{1,160}$/;

/** Typographic signs that say nothing a plain one does not; letters are never touched, a name keeps its spelling. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u00b4\u0060]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb]/g, '"'],
  [/[\u2010-\u2015\u2212\u2043]/g, '-'],
  [/\u2026/g, '...'],
  [/[\u2022\u00b7\u2219]/g, '*'],
  [/[\u2028\u2029]/g, '\n'],
  [/[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' '],
  [/[\u00ad\u200b\u2060\ufeff]/g, ''],
];

/**
 * The text with its typographic signs (quotes, dashes, ellipsis, special spaces) as plain ones, so that it stays in GSM-7 where
 * it can. Accents are composed first (`e` + accent is `é`, a GSM-7 letter); other letters and emoji are kept as they are.
 */
export function normalizeToGsm7(text: string): string {
  return PLAIN.reduce((plain, [signs, sign]) => plain.replace(signs, sign), text.normalize('NFC'));
}

/**
 * How many segments the carrier bills for the text as it stands: 160 or 153 septets each, 70 or 67 units once a letter is
 * outside GSM-7; `€ ^ { } [ ] ~ \ |` count twice. An empty text has none.
 */
export function segmentsOf(text: string): SegmentCount {
  if (ONE_SEGMENT.test(text))
    return { encoding: 'GSM-7', segments: 1, units: text.length, perSegment: CAPACITY['GSM-7'].single };
  const message = new SegmentedMessage(text, 'auto');
  const encoding = message.encodingName;
  const units = encoding === 'GSM-7' ? message.numberOfCharacters : text.length;
  const segments = text === '' ? 0 : message.segmentsCount;
  const { single, joined } = CAPACITY[encoding];
  return { encoding, segments, units, perSegment: segments > 1 ? joined : single };
}
