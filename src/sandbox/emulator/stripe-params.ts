import { invalid, missingParameter, unknownParameter } from './stripe-errors.js';
import type { FormObject, FormValue } from './stripe-form.js';

const MAX_KEYS = 50;
const MAX_KEY = 40;
const MAX_VALUE = 500;
const DEFAULT_TEXT = 5_000;

/** The parameters of one request, or of one object in it. Every reader refuses in Stripe's words and names the parameter. */
export class StripeParams {
  constructor(
    private readonly form: FormObject,
    private readonly prefix = '',
  ) {}

  /** Refuses whatever is not in the list: Stripe does the same, and a misspelt parameter would silently do nothing. */
  only(...known: readonly string[]): this {
    const unknown = Object.keys(this.form).find((name) => !known.includes(name));
    if (unknown !== undefined) throw unknownParameter(this.nameOf(unknown));
    return this;
  }

  has(name: string): boolean {
    return this.form[name] !== undefined;
  }

  isObject(name: string): boolean {
    return typeof this.form[name] === 'object' && !Array.isArray(this.form[name]);
  }

  text(name: string, max = DEFAULT_TEXT): string | undefined {
    const value = this.form[name];
    if (value === undefined) return undefined;
    const param = this.nameOf(name);
    if (typeof value !== 'string') throw invalid(`Invalid string: ${param}`, { param });
    if (value === '') {
      throw invalid(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
    }
    if (value.length > max) throw invalid(`Invalid ${param}: at most ${max} characters`, { param });
    return value;
  }

  needText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingParameter(this.nameOf(name));
    return value;
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const param = this.nameOf(name);
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (Number.isNaN(number)) {
      throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param });
    }
    if (number < min || number > max) {
      throw invalid(`Invalid ${param}: must be from ${min} to ${max}`, {
        code: 'parameter_invalid_integer',
        param,
      });
    }
    return number;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined || value === 'true') return value && true;
    const param = this.nameOf(name);
    if (value !== 'false') throw invalid(`Invalid boolean: ${value}`, { param });
    return false;
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const choice = choices.find((candidate) => candidate === value);
    if (value === undefined || choice !== undefined) return choice;
    const param = this.nameOf(name);
    throw invalid(`Invalid ${param}: must be one of ${choices.join(', ')}`, { param });
  }

  object(name: string): StripeParams | undefined {
    const value = this.form[name];
    return value === undefined ? undefined : this.nested(value, this.nameOf(name));
  }

  objects(name: string): StripeParams[] {
    return this.list(name).map((value, index) => this.nested(value, `${this.nameOf(name)}[${index}]`));
  }

  texts(name: string): string[] {
    const param = this.nameOf(name);
    return this.list(name).map((value) => {
      if (typeof value !== 'string' || value === '') throw invalid(`Invalid array: ${param}`, { param });
      return value;
    });
  }

  /** An empty value means: take the key away. */
  metadata(): Record<string, string> {
    const entries = Object.entries(this.object('metadata')?.form ?? {});
    const param = this.nameOf('metadata');
    if (entries.length > MAX_KEYS) throw invalid(`Metadata can have at most ${MAX_KEYS} keys`, { param });
    return Object.fromEntries(
      entries.map(([key, value]) => {
        const where = { param: `${param}[${key}]` };
        if (typeof value !== 'string') throw invalid('Metadata values must be strings', where);
        if (key.length > MAX_KEY) throw invalid(`Metadata keys have at most ${MAX_KEY} characters`, where);
        if (value.length > MAX_VALUE)
          throw invalid(`Metadata values have at most ${MAX_VALUE} characters`, where);
        return [key, value];
      }),
    );
  }

  nameOf(name: string): string {
    return this.prefix === '' ? name : `${this.prefix}[${name}]`;
  }

  private list(name: string): FormValue[] {
    const value = this.form[name];
    if (value === undefined) return [];
    const param = this.nameOf(name);
    if (!Array.isArray(value)) throw invalid(`Invalid array: ${param}`, { param });
    return value;
  }

  private nested(value: FormValue, param: string): StripeParams {
    if (typeof value === 'string' || Array.isArray(value))
      throw invalid(`Invalid object: ${param}`, { param });
    return new StripeParams(value, param);
  }
}

const CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()),
);
const LARGEST_AMOUNT = 99_999_999;

/** Lower-case ISO 4217. */
export function needCurrency(params: StripeParams): string {
  const currency = params.needText('currency');
  if (!CURRENCIES.has(currency))
    throw invalid(`Invalid currency: ${currency}`, { param: params.nameOf('currency') });
  return currency;
}

/** Whole minor units, at least 1. Stripe's own minimum depends on the country of the account, and is not played. */
export function readAmount(params: StripeParams, name = 'amount'): number | undefined {
  return params.integer(name, 1, LARGEST_AMOUNT);
}

/** Stripe's merge: new keys are added, empty values take a key away. */
export function mergeMetadata(
  old: Record<string, string>,
  change: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== ''));
}
