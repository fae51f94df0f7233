/** Groups of digits as people write them on cards, with at most two spaces, dots or dashes between; no letter beside. */
const RUNS = /(?<![\w-])\d+(?:[ .-]{1,2}\d+)*(?![\w-])/g;
/** First digits that payment networks give out: American Express, Diners, JCB, Visa, Mastercard, Discover and UnionPay. */
const ISSUED = /^(?:3[045-9]|4|5[1-5]|2[2-7]|6)/;
const [FEWEST, MOST] = [13, 19];

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
  return [...text.matchAll(RUNS)].flatMap(([run]) => inRun(run));
}

/** An expiry date or a security code may follow in the same run, so every row of whole groups is looked at. */
function inRun(run: string): string[] {
  const groups = [...run.matchAll(/\d+/g)].map((group) => ({
    from: group.index,
    to: group.index + group[0].length,
  }));
  return groups.flatMap(({ from }, first) =>
    groups
      .slice(first)
      .map(({ to }) => run.slice(from, to))
      .filter(isCardNumber)
      .slice(0, 1),
  );
}

function isCardNumber(written: string): boolean {
  const digits = written.replaceAll(/\D/g, '');
  if (digits.length < FEWEST || digits.length > MOST || !ISSUED.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
