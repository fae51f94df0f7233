import { currencyDigits, formatMoney, type Money } from '../common/money.js';

/** What the fonts that every reader has can show beyond Latin-1 (Windows-1252). */
const BEYOND_LATIN_1 = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');
/** Letters that do not fall apart into a plain one and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', ı: 'i', Ħ: 'H', ħ: 'h', ẞ: 'SS', ŉ: "'n", Ŧ: 'T', ŧ: 't' },
  ...{ '‐': '-', '‑': '-', '−': '-', ʼ: '’', '′': '’' },
};
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text as the standard fonts can print it: letters lose marks that the fonts lack, and what is in another script becomes `?`.
 * The receipt as data keeps every name as it is.
 */
export function printable(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  return [...letters.segment(plain)].map(({ segment }) => printed(segment)).join('');
}

/** The letter with as many of its marks as the fonts have. */
function printed(letter: string): string {
  const parts = [...letter.normalize('NFKD')];
  for (let kept = parts.length; kept > 0; kept -= 1) {
    const candidate = parts.slice(0, kept).join('').normalize('NFC');
    const plain = PLAIN[candidate] ?? candidate;
    if ([...plain].every(isInFont)) return plain;
  }
  return '?';
}

function isInFont(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || BEYOND_LATIN_1.has(character);
}

/** An amount as people read it; with the code of its currency where the font has no sign for it. */
export function printedMoney(money: Money): string {
  const text = formatMoney(money);
  if ([...text].every(isInFont)) return text;
  const digits = currencyDigits(money.currency);
  return `${money.currency} ${(money.amount / 10 ** digits).toFixed(digits)}`;
}

/** Of a wall clock that was shifted to UTC. */
const DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone: 'UTC' });

/** An RFC 3339 instant as its own wall clock showed it: `Monday, March 4, 2030` and `9:00 AM`. */
export function printedInstant(withOffset: string): { date: string; time: string } {
  const wallClock = new Date(`${withOffset.slice(0, 19)}Z`);
  return { date: DATE.format(wallClock), time: printable(TIME.format(wallClock)) };
}
