import { SegmentedMessage } from 'sms-segments-calculator';
import { normalizeToGsm7, segmentsOf } from './segments.js';

const GSM_7 =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€';

describe('the price of a text message', () => {
  it.each([
    ['', 'GSM-7', 0, 0, 160],
    ['a', 'GSM-7', 1, 1, 160],
    ['a'.repeat(160), 'GSM-7', 1, 160, 160],
    ['a'.repeat(161), 'GSM-7', 2, 161, 153],
    ['a'.repeat(306), 'GSM-7', 2, 306, 153],
    ['a'.repeat(307), 'GSM-7', 3, 307, 153],
    ['€'.repeat(80), 'GSM-7', 1, 160, 160],
    ['€'.repeat(81), 'GSM-7', 2, 162, 153],
    ['õ'.repeat(70), 'UCS-2', 1, 70, 70],
    ['õ'.repeat(71), 'UCS-2', 2, 71, 67],
    ['õ'.repeat(134), 'UCS-2', 2, 134, 67],
    ['õ'.repeat(135), 'UCS-2', 3, 135, 67],
    [`${'a'.repeat(70)}õ`, 'UCS-2', 2, 71, 67],
    ['👋'.repeat(35), 'UCS-2', 1, 70, 70],
    ['e\u0301'.repeat(35), 'UCS-2', 1, 70, 70],
  ])('of %j is in %s, %i segments, %i units, %i in each', (text, encoding, segments, units, perSegment) => {
    expect(segmentsOf(text)).toEqual({ encoding, segments, units, perSegment });
  });

  it('counts a sign of the extension twice and never splits it over two segments', () => {
    expect(segmentsOf(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toMatchObject({ segments: 3, units: 306 });
  });

  it.each([1, 80, 153, 160, 161])('of %i plain letters is what the library says', (length) => {
    const plain = [...GSM_7].filter((letter) => letter <= '~').join('');
    for (let at = 0; at < plain.length; at += 1) {
      const text = plain.repeat(3).slice(at, at + length);
      const { encodingName, segmentsCount, numberOfCharacters } = new SegmentedMessage(text, 'auto');
      const { encoding, segments, units } = segmentsOf(text);
      expect([encoding, segments, units]).toEqual([encodingName, segmentsCount, numberOfCharacters]);
    }
  });

  it('never splits an emoji over two segments', () => {
    expect(segmentsOf('👋'.repeat(67))).toMatchObject({ segments: 3, units: 134 });
  });

  it.each([...GSM_7])('of the letter %j is one unit of GSM-7', (letter) => {
    expect(segmentsOf(letter)).toMatchObject({ encoding: 'GSM-7', units: 1 });
  });

  it.each([...EXTENSION])('of the sign %j is two units of GSM-7', (sign) => {
    expect(segmentsOf(sign)).toMatchObject({ encoding: 'GSM-7', units: 2 });
  });
});

describe('a text made plain', () => {
  it.each([
    ['It’s “fine” – really…', 'It\'s "fine" - really...'],
    ['‘a’ ‚b‛ „c‟ «d» 5′ 6″ `e´', "'a' 'b' \"c\" \"d\" 5' 6\" 'e'"],
    ['a—b‐c‑d‒e―f−g', 'a-b-c-d-e-f-g'],
    ['9:00\u202fAM\u00a0on\tMonday\u2003!', '9:00 AM on Monday !'],
    ['• one · two', '* one * two'],
    ['soft\u00adhy\u200bphen\ufeff', 'softhyphen'],
    ['line\u2028line', 'line\nline'],
    ['cafe\u0301 for Zo\u0308e', 'café for Zöe'],
  ])('%j becomes %j and costs GSM-7', (text, plain) => {
    expect(normalizeToGsm7(text)).toBe(plain);
    expect(segmentsOf(plain).encoding).toBe('GSM-7');
  });

  it('keeps every letter that GSM-7 has', () => {
    expect(normalizeToGsm7(GSM_7 + EXTENSION)).toBe(GSM_7 + EXTENSION);
  });

  it.each(['Õun', 'Šárka', 'François', 'Łucja', '日本', 'Hi 👩‍🎤'])(
    'keeps the spelling of %s, at the price of UCS-2',
    (text) => {
      expect(normalizeToGsm7(text)).toBe(text);
      expect(segmentsOf(text).encoding).toBe('UCS-2');
    },
  );

  it('stays the same when it is made plain again', () => {
    const once = normalizeToGsm7('“Zoë” – 9:00\u202fAM… 👋');
    expect(normalizeToGsm7(once)).toBe(once);
  });
});
