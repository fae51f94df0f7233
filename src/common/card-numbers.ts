/** 13 to 19 digits as people write them on cards, in one piece: spaces and dashes between, no digit or letter beside. */
const DIGITS = /(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])/g;
/** First digits that payment networks give out: American Express, Visa, Mastercard (both ranges), Discover and UnionPay. */
const ISSUED = /^(?:3[47]|4|5[1-5]|2[2-7]|6)/;

/** Whether a text holds what is a card's number by its length, its first digits and its check digit (Luhn, ISO/IEC 7812-1). */
export function holdsCardNumber(text: string): boolean {
  return cardNumbersIn(text).length > 0;
}

/** The text with every card number but its last four digits hidden. */
export function withoutCardNumbers(text: string): string {
  return cardNumbersIn(text).reduce(
    (clean, number) => clean.replaceAll(number, `•••• ${number.slice(-4)}`),
    text,
  );
}

function cardNumbersIn(text: string): string[] {
  return [...text.matchAll(DIGITS)].map(([found]) => found).filter(isCardNumber);
}

function isCardNumber(written: string): boolean {
  const digits = written.replaceAll(/\D/g, '');
  if (!ISSUED.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
