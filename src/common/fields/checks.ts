import { holdsCardNumber } from '../card-numbers.js';

/** One rule of a field: a permanent code for programs, words for people that follow the field's name, and the test. */
export interface Check {
  code: string;
  detail: string;
  holds: (value: unknown) => boolean;
}

/** A rule given as a plain function; its code and words appear in the problem document. */
export const check = (code: string, detail: string, holds: (value: unknown) => boolean): Check => ({
  code,
  detail,
  holds,
});

const characters = (count: number) => `${count} ${count === 1 ? 'character' : 'characters'}`;
const entries = (count: number) => `${count} ${count === 1 ? 'entry' : 'entries'}`;
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Counted as PostgreSQL and JSON Schema do, by code points: an emoji outside the basic plane is one. */
const lengthOf = (value: unknown) => (typeof value === 'string' ? [...value].length : 0);

const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Said of a missing field, and then nothing else is. */
export const REQUIRED = check('required', 'is required', (value) => value !== undefined);

export const TEXT = check('text', 'must be text', (value) => typeof value === 'string');

/** No control characters and no lone surrogates: PostgreSQL cannot store them, and phones cannot show them. */
export const PRINTABLE = check(
  'printable',
  'must not hold control characters or broken Unicode',
  (value) => typeof value === 'string' && !UNSAFE.test(value),
);

/** Card data never touches us: whoever types a card's number into a free text is stopped before it is stored. */
export const NO_CARD_NUMBER = check(
  'card-number',
  'must not hold the number of a payment card; pay on the payment page',
  (value) => typeof value !== 'string' || !holdsCardNumber(value),
);

export const shortest = (min: number) =>
  check('too-short', `must have at least ${characters(min)}`, (value) => min === 0 || lengthOf(value) >= min);

export const longest = (max: number) =>
  check('too-long', `must have at most ${characters(max)}`, (value) => lengthOf(value) <= max);

/** The example says the shape to people; the pattern itself is in the documents. */
export const shaped = (pattern: RegExp, example: unknown) =>
  check(
    'format',
    typeof example === 'string' ? `must have a form like ${example}` : 'does not have the right form',
    (value) => typeof value === 'string' && pattern.test(value),
  );

export const oneOf = (values: readonly string[]) =>
  check(
    'one-of',
    `must be one of: ${values.join(', ')}`,
    (value) => typeof value === 'string' && values.includes(value),
  );

export const BOOLEAN = check('boolean', 'must be true or false', (value) => typeof value === 'boolean');
export const INTEGER = check('integer', 'must be a whole number', Number.isInteger);

export const smallest = (min: number) =>
  check('too-small', `must be at least ${min}`, (value) => typeof value === 'number' && value >= min);

export const largest = (max: number) =>
  check('too-large', `must be at most ${max}`, (value) => typeof value === 'number' && value <= max);

export const OBJECT = check('object', 'must be an object', isObject);
export const LIST = check('list', 'must be a list', Array.isArray);

export const OBJECTS = check(
  'objects',
  'must hold objects only',
  (value) => Array.isArray(value) && value.every(isObject),
);

export const fewest = (min: number) =>
  check(
    'too-few',
    `must hold at least ${entries(min)}`,
    (value) => Array.isArray(value) && value.length >= min,
  );

export const most = (max: number) =>
  check(
    'too-many',
    `must hold at most ${entries(max)}`,
    (value) => Array.isArray(value) && value.length <= max,
  );
