import * as fc from 'fast-check';
import {
  addMoney,
  currencyDigits,
  formatMoney,
  isCurrency,
  moneyOf,
  percentOf,
  taxWithin,
  subtractMoney,
} from './money.js';

const usd = (amount: number) => moneyOf(amount, 'USD');

describe('money', () => {
  it.each([
    ['USD', 8500, '$85.00'],
    ['EUR', 8500, '€85.00'],
    ['GBP', 5, '£0.05'],
    ['JPY', 500, '¥500'],
    ['KWD', 1500, 'KWD 1.500'],
    ['CAD', 123456789, 'CA$1,234,567.89'],
    ['USD', -500, '-$5.00'],
    ['USD', 0, '$0.00'],
  ])('%s %i minor units read %s', (currency, amount, text) => {
    expect(formatMoney({ amount, currency })).toBe(text);
  });

  it('is written the way the reader writes it, with plain spaces', () => {
    expect(formatMoney({ amount: 123456, currency: 'EUR' }, 'de-DE')).toBe('1.234,56 €');
    expect(formatMoney({ amount: 123456, currency: 'EUR' }, 'fr-FR')).toBe('1 234,56 €');
  });

  it('knows currencies with none, two and three decimals', () => {
    expect(['JPY', 'USD', 'KWD', 'JPY'].map(currencyDigits)).toEqual([0, 2, 3, 0]);
  });

  it.each(['usd', 'US', 'XXQ', '', 'DOLLAR'])('refuses %j as a currency', (currency) => {
    expect(isCurrency(currency)).toBe(false);
    expect(() => moneyOf(1, currency)).toThrow(RangeError);
  });

  it.each([0.5, Number.NaN, Infinity, 2 ** 53])('refuses %d as an amount', (amount) => {
    expect(() => usd(amount)).toThrow('not a whole number of minor units');
    expect(() => formatMoney({ amount, currency: 'USD' })).toThrow(RangeError);
  });

  it('adds and subtracts within one currency', () => {
    expect(addMoney(usd(8500), usd(1))).toEqual(usd(8501));
    expect(subtractMoney(usd(8500), usd(9000))).toEqual(usd(-500));
    expect(Object.is(subtractMoney(usd(5), usd(5)).amount, 0)).toBe(true);
  });

  it('never mixes currencies', () => {
    expect(() => addMoney(usd(1), moneyOf(1, 'EUR'))).toThrow('cannot mix USD and EUR');
    expect(() => subtractMoney(usd(1), moneyOf(1, 'EUR'))).toThrow(RangeError);
  });

  it.each([
    [8500, 50, 4250],
    [101, 50, 51],
    [99, 50, 50],
    [1, 49.99, 0],
    [1, 50, 1],
    [333, 33.33, 111],
    [-101, 50, -50],
    [8500, 0, 0],
    [8500, 100, 8500],
    [Number.MAX_SAFE_INTEGER, 100, Number.MAX_SAFE_INTEGER],
    [1000, 0.07, 1],
    [1000, 8.25, 83],
  ])('of %i, %d percent is %i, rounded half up', (amount, percent, result) => {
    expect(percentOf(usd(amount), percent)).toEqual(usd(result));
  });

  it.each([
    [11_900, 19_000, 1_900],
    [8_500, 19_000, 1_357],
    [8_500, 8_875, 693],
    [1, 100_000, 1], // half of a cent, up
    [1, 99_999, 0],
    [8_500, 0, 0],
    [Number.MAX_SAFE_INTEGER, 100_000, 4_503_599_627_370_496],
  ])('of %i, a tax of %i thousandths of a percent is %i, rounded half up', (amount, rate, tax) => {
    expect(taxWithin(amount, rate)).toBe(tax);
  });

  it.each([-1, 100.01, 33.333, Number.NaN])('refuses %d as a percentage', (percent) => {
    expect(() => percentOf(usd(100), percent)).toThrow(RangeError);
  });

  it('a deposit and its rest always make the whole price', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 0, max: 100 }), (amount, percent) => {
        const deposit = percentOf(usd(amount), percent);
        expect(addMoney(deposit, subtractMoney(usd(amount), deposit))).toEqual(usd(amount));
        expect(Math.abs(deposit.amount - (amount * percent) / 100)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});
