/** An amount in the smallest unit of its currency (cents, yen); an integer, so that no sum ever loses a cent. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const digitsByCurrency = new Map<string, number>();

/** Whether the text is an ISO 4217 code that this runtime can write, e.g. `USD`; upper case only. */
export function isCurrency(text: string): boolean {
  return CURRENCIES.has(text);
}

/** Decimals of a currency (ISO 4217): 0 for JPY, 2 for USD, 3 for KWD. Throws RangeError for an unknown code. */
export function currencyDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  if (!isCurrency(currency)) throw new RangeError(`unknown currency ${JSON.stringify(currency)}`);
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  digitsByCurrency.set(currency, maximumFractionDigits);
  return maximumFractionDigits;
}

/** Amounts that can be charged are multiples of it: card networks want the last of three decimals to be 0 (Stripe, "currencies"). */
export function chargeStep(currency: string): number {
  return currencyDigits(currency) === 3 ? 10 : 1;
}

/** Makes an amount of minor units. Throws RangeError for fractions, unsafe integers and unknown currencies. */
export function moneyOf(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
  currencyDigits(currency);
  return { amount: amount === 0 ? 0 : amount, currency };
}

/** The sum. Throws RangeError when the currencies differ: there is no exchange rate here. */
export function addMoney(a: Money, b: Money): Money {
  return moneyOf(a.amount + sameCurrency(a, b).amount, a.currency);
}

/** The difference, negative when `b` is more. Throws RangeError when the currencies differ. */
export function subtractMoney(a: Money, b: Money): Money {
  return moneyOf(a.amount - sameCurrency(a, b).amount, a.currency);
}

/** The tax that is part of an amount, in minor units, rounded half up. `milliPercent`: of the net price, 19000 is 19 %. */
export function taxWithin(amountMinor: number, milliPercent: number): number {
  const [amount, rate] = [BigInt(amountMinor), BigInt(milliPercent)];
  const whole = 100_000n + rate;
  return Number((2n * amount * rate + whole) / (2n * whole));
}

/**
 * `percent` of an amount, rounded half up to the minor unit, in exact integer arithmetic. `percent` is 0 to 100
 * with at most two decimals; anything else throws RangeError.
 */
export function percentOf(money: Money, percent: number): Money {
  const hundredths = Math.round(percent * 100);
  const isExact = Math.abs(percent * 100 - hundredths) < 1e-9;
  if (!isExact || hundredths < 0 || hundredths > 10_000) {
    throw new RangeError(`${percent} is not a percentage from 0 to 100 with at most two decimals`);
  }
  const { amount, currency } = moneyOf(money.amount, money.currency);
  const numerator = BigInt(amount) * BigInt(hundredths) + 5000n;
  const rest = ((numerator % 10_000n) + 10_000n) % 10_000n;
  return moneyOf(Number((numerator - rest) / 10_000n), currency);
}

/**
 * As people read it: `$85.00`, `¥500`, `€85.00`. Only plain spaces, so that a text message stays in the cheap GSM-7 alphabet.
 * Exact to 15 digits. Throws RangeError for what `moneyOf` refuses and for a malformed locale.
 */
export function formatMoney(money: Money, locale = 'en-US'): string {
  const { amount, currency } = moneyOf(money.amount, money.currency);
  const digits = currencyDigits(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(amount / 10 ** digits)
    .replace(/[\u00a0\u202f]/g, ' ');
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot mix ${a.currency} and ${b.currency}`);
  return b;
}
