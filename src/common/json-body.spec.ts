import { Malformed } from './domain-error.js';
import { readJsonBody } from './json-body.js';

const read = (text: string) => readJsonBody(Buffer.from(text));

describe('a request’s body', () => {
  it('is a JSON object, and an absent one is empty', () => {
    expect(read('{"name":"Ada","list":[{"a":1}]}')).toEqual({ name: 'Ada', list: [{ a: 1 }] });
    expect(read('')).toEqual({});
    expect(read('{"text":"{[ \\" ]}"}')).toEqual({ text: '{[ " ]}' });
  });

  it.each([
    ['nonsense', '{'],
    ['no object', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a reserved name', '{"__proto__":{"admin":true}}'],
    ['a reserved name inside', '{"customer":{"constructor":1}}'],
    ['a method’s name', '{"hasOwnProperty":1}'],
    ['too deep', '['.repeat(40_000)],
    ['just too deep', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['too many keys', `{${Array.from({ length: 201 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ])('is refused as %s', (_what, text) => {
    expect(() => read(text)).toThrow(Malformed);
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => readJsonBody(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow('not UTF-8');
  });

  it('may be as deep and as wide as allowed', () => {
    expect(() => read(`{"a":${'['.repeat(19)}${']'.repeat(19)}}`)).not.toThrow();
    expect(() =>
      read(`{${Array.from({ length: 200 }, (_, index) => `"k${index}":1`).join(',')}}`),
    ).not.toThrow();
  });
});
