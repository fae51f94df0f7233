import { holdsCardNumber, withoutCardNumbers } from './card-numbers.js';

/** Numbers that payment networks publish for tests. */
const CARDS = [
  '4242424242424242',
  '5555 5555 5555 4444',
  '3782-822463-10005',
  '6011111111111117',
  '2223003122003222',
];

describe('a card’s number', () => {
  it.each(CARDS)('is seen in a sentence: %s', (number) => {
    expect(holdsCardNumber(`please charge ${number}, thanks`)).toBe(true);
    expect(withoutCardNumbers(`my card: ${number}.`)).toBe(`my card: •••• ${number.slice(-4)}.`);
  });

  it.each([
    '4242 4242 4242 4242 12/26 123',
    '4242424242424242 12/26',
    '4242424242424242 123',
    '5555.5555.5555.4444 cvc 123',
    '3566 0020 2036 0505',
    '3056  9300  0902  0004',
  ])('is seen with what people write beside it: %s', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
    expect(holdsCardNumber(withoutCardNumbers(text))).toBe(false);
  });

  it.each([
    'call me at +1 415 555 0132 or +44 20 7946 0958',
    'order 4242424242424241',
    'on 2030-03-04 from 10:00 to 11:30, reference K7QF2M',
    '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55',
    '42424242424242424242424242',
    '0000000000000000',
    '',
  ])('is not seen in %j', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
    expect(withoutCardNumbers(text)).toBe(text);
  });
});
