import type { Schema } from './route-table.js';
import { changed, JSON_TYPE, placesOf, textOf, validValue, wrongValues, type Step } from './wrong-values.js';

/** A body, or the lack of one, that must be refused. */
export interface Wrong {
  what: string;
  headers?: Record<string, string>;
  payload?: string | Buffer;
}
/** A JSON body as a wrong one. */
export const sent = (what: string, body: unknown): Wrong => ({
  what,
  payload: textOf(body),
  headers: JSON_TYPE,
});

/** Bodies that are wrong on every route that reads one. */
export function unreadableBodies(): Wrong[] {
  const raw = (what: string, payload: string | Buffer, type = 'application/json'): Wrong => ({
    what,
    payload,
    headers: { 'content-type': type },
  });
  const manyKeys = JSON.stringify(
    Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`k${index}`, index])),
  );
  return [
    raw('nested 40,000 deep', '['.repeat(40_000) + ']'.repeat(40_000)),
    raw('objects nested 15,000 deep', '{"a":'.repeat(15_000) + '1' + '}'.repeat(15_000)),
    raw('nested 21 deep', '['.repeat(21) + ']'.repeat(21)),
    raw('250 keys', manyKeys),
    raw('more than 100 kB', JSON.stringify({ notes: 'x'.repeat(100_001) })),
    raw('much more than 100 kB', Buffer.alloc(1_000_000, 'x')),
    ...[
      '{',
      '{"a":',
      '[1,',
      '"',
      '{"a":1}}',
      '{a:1}',
      "{'a':1}",
      'NaN',
      '{"a":NaN}',
      '{"a":Infinity}',
      '{"a":undefined}',
      '\u0000',
      '{"a":01}',
    ].map((text) => raw(`no JSON: ${JSON.stringify(text)}`, text)),
    raw('__proto__', '{"__proto__":{"role":"owner"}}'),
    raw('__proto__ inside', '{"a":{"__proto__":{"role":"owner"}}}'),
    raw('constructor.prototype', '{"constructor":{"prototype":{"role":"owner"}}}'),
    raw('invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d])),
    raw('UTF-16', Buffer.from('{"a":1}', 'utf16le')),
    ...[
      'text/plain',
      'application/xml',
      'application/octet-stream',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      'nonsense',
    ].map((type) => raw(`sent as ${type}`, '{"a":1}', type)),
  ];
}

/** Bodies that are wrong for a schema. */
export function wrongBodies(schema: Schema): Wrong[] {
  const valid = validValue(schema);
  const places = placesOf(schema);
  const said = (at: readonly Step[]) => at.join('.');
  const wrong = places.flatMap(({ at, schema: inner }) =>
    wrongValues(inner).map((value) =>
      sent(`${said(at)} is ${textOf(value).slice(0, 60)}`, changed(valid, at, value)),
    ),
  );
  const missing = places
    .filter(({ at, required }) => required && at.length === 1)
    .map(({ at }) => sent(`${said(at)} is missing`, changed(valid, at, null, true)));
  const unknown = [
    'id',
    'role',
    'isAdmin',
    'status',
    'price',
    'version',
    'createdAt',
    '$where',
    '',
    'hasOwnProperty',
    'toString',
  ]
    .filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
    .map((name) => sent(`an unknown field ${JSON.stringify(name)}`, changed(valid, [name], 'x')));
  const roots = [null, [], [valid], 'text', 5, true].map((value) =>
    sent(`the body is ${textOf(value).slice(0, 30)}`, value),
  );
  const empty =
    (schema.required?.length ?? 0) > 0
      ? [
          sent('an empty object', {}),
          { what: 'no body' },
          { what: 'an empty body', headers: JSON_TYPE, payload: '' },
        ]
      : [];
  const texts = places.filter(({ schema: inner }) => inner.type === 'string' && !inner.nullable);
  const broken = texts.map(({ at }) => {
    const [before, after] = textOf(changed(valid, at, '@@')).split('@@');
    return {
      what: `${said(at)} is invalid UTF-8`,
      headers: JSON_TYPE,
      payload: Buffer.concat([
        Buffer.from(before ?? ''),
        Buffer.from([0xff, 0xc3]),
        Buffer.from(after ?? ''),
      ]),
    };
  });
  return [...wrong, ...missing, ...unknown, ...roots, ...empty, ...broken];
}
