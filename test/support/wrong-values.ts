import type { Schema } from './route-table.js';

/** A field’s name or a list’s index. */
export type Step = string | number;
/** A field somewhere in a body. */
interface Place {
  at: readonly Step[];
  schema: Schema;
  required: boolean;
}

const INJECTIONS = [
  `'; drop table booking; --`,
  `1' or '1'='1`,
  `") or true -- `,
  '{"$gt":""}',
  '$where: sleep(5000)',
  '<script>alert(1)</script>',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '../../../../etc/passwd',
  '\r\nSet-Cookie: a=b',
  'javascript:alert(1)',
  '%s%s%n',
  '\u202e\u0301\ufeff',
];
/** Unquoted in the text that is sent. */
const RAW = (text: string) => `\u0001raw:${text}\u0001`;

/** Something a schema allows; only required fields are filled in. */
export function validValue(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const required = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(required.map(([name, value]) => [name, validValue(value)]));
  }
  if (schema.type === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () => validValue(schema.items ?? {}));
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  return 'a'.repeat(Math.max(schema.minLength ?? 1, 10));
}

/** Every field of a schema, nested ones too. */
export function placesOf(schema: Schema, at: readonly Step[] = []): Place[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const here = [...at, name];
    const inner = value.items ? placesOf(value.items, [...here, 0]) : placesOf(value, here);
    return [{ at: here, schema: value, required: schema.required?.includes(name) ?? false }, ...inner];
  });
}

/** Values that are certainly wrong for the schema. */
export function wrongValues(schema: Schema): unknown[] {
  const none = schema.nullable ? [] : [null];
  if (schema.type === 'array') {
    return [
      ...none,
      {},
      'list',
      5,
      true,
      [null],
      [[]],
      [{ '': '' }],
      Array.from({ length: 101 }, () => validValue(schema.items ?? {})),
    ];
  }
  if (schema.properties) return [...none, [], [[]], 'object', 5, true, { nothing: { like: 'it' } }];
  if (schema.type === 'boolean') return [...none, 'yes', '', 0, 1, [], {}, [true]];
  if (schema.type === 'integer' || schema.type === 'number') {
    const beyond = [schema.minimum, schema.maximum].flatMap((bound, at) =>
      bound === undefined ? [] : [bound + (at === 0 ? -1 : 1)],
    );
    return [
      ...none,
      ...beyond,
      'many',
      '',
      ' ',
      '0x10',
      '1e3',
      1.5,
      true,
      [],
      {},
      [1],
      RAW('1e400'),
      RAW('-1e400'),
      1e300,
      -1e300,
    ];
  }
  const long = 'x'.repeat(Math.min((schema.maxLength ?? 20_000) + 1, 50_000));
  const anyText: unknown[] = [
    ...none,
    5,
    0,
    true,
    [],
    {},
    ['a'],
    { toString: 'a' },
    'a\u0000b',
    'a\ud800b',
    'a\udfffb',
    long,
  ];
  const isShaped = schema.format || schema.pattern || schema.enum;
  const empty = (schema.minLength ?? 0) > 0 ? ['', '   '] : [];
  const password = schema.format === 'password';
  // Wrong for certain: `null` in a query is a text like another, and fits the pattern of an action's name.
  const isWrong = (value: string) => !schema.pattern || !new RegExp(schema.pattern).test(value);
  return [
    ...anyText,
    ...empty,
    ...(isShaped && !password ? [...INJECTIONS, '\u0000', 'NaN', 'null', '-1'].filter(isWrong) : []),
  ];
}

/** A copy of the body with another value at the place, or none. */
export function changed(
  body: unknown,
  [step, ...rest]: readonly Step[],
  value: unknown,
  isMissing = false,
): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') return [changed(Array.isArray(body) ? body[0] : {}, rest, value, isMissing)];
  const fields = { ...(typeof body === 'object' ? body : {}) } as Record<string, unknown>; // what stands there is replaced
  if (rest.length === 0 && isMissing) delete fields[step];
  else fields[step] = changed(fields[step], rest, value, isMissing);
  return fields;
}

/** The text that is sent for a value. */
export const textOf = (value: unknown) =>
  JSON.stringify(value).replaceAll(/"\\u0001raw:(.*?)\\u0001"/g, '$1');
export const JSON_TYPE = { 'content-type': 'application/json' };
