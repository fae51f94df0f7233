import { hashTag, isMatch, versionTag } from './etag.js';

describe('an ETag', () => {
  it('is the version of what has one', () => {
    expect(versionTag({ id: 'x', version: 7 })).toBe('"7"');
    for (const without of [{ id: 'x' }, { version: '7' }, null, undefined, 'text', [1]])
      expect(versionTag(without)).toBeNull();
  });

  it('is a hash that changes with the content and not with the moment it was made', () => {
    const at = (generatedAt: string, price: number) =>
      hashTag(JSON.stringify({ price, meta: { generatedAt, timeZone: 'UTC' } }));
    expect(at('2030-01-01T00:00:00Z', 1)).toBe(at('2030-01-01T00:00:09Z', 1));
    expect(at('2030-01-01T00:00:00Z', 1)).not.toBe(at('2030-01-01T00:00:00Z', 2));
    expect(at('2030-01-01T00:00:00Z', 1)).toMatch(/^"[\w-]{27}"$/);
  });

  it('is not fooled by a text that looks like the moment', () => {
    const named = (name: string) => hashTag(JSON.stringify({ name }));
    expect(named('"generatedAt":"a"')).not.toBe(named('"generatedAt":"b"'));
  });

  it.each([
    ['"7"', true],
    ['W/"7"', true],
    ['"6", "7"', true],
    ['*', true],
    ['"6"', false],
    ['7', false],
    ['', false],
    [undefined, false],
  ])('matches If-None-Match %s: %s', (header, expected) => expect(isMatch(header, '"7"')).toBe(expected));
});
