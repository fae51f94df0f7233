import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './config.js';
import { Secrets } from './secrets.service.js';

describe('stored secrets', () => {
  const home = mkdtempSync(join(tmpdir(), 'lawrei-secrets-'));
  const configured = () => new Secrets(loadConfig({ ENCRYPTION_KEY: 'k'.repeat(32), LAWREI_DATA_DIR: home }));

  afterAll(() => rmSync(home, { recursive: true }));

  it('come back as they were, and never look the same twice', () => {
    const sealed = configured().seal('ünicode ✂');
    expect(sealed).not.toContain('nicode');
    expect(configured().open(sealed)).toBe('ünicode ✂');
    expect(configured().seal('ünicode ✂')).not.toBe(sealed);
    expect(configured().open(configured().seal(''))).toBe('');
  });

  it.each([0, 1, 2, 3])('are refused when part %i of them was changed', (part) => {
    const parts = configured().seal('a secret').split('.');
    parts[part] = Buffer.from('another thing!!!').toString('base64url');
    expect(() => configured().open(parts.join('.'))).toThrow();
  });

  it('are refused under another key', () => {
    const other = new Secrets(loadConfig({ ENCRYPTION_KEY: 'o'.repeat(32), LAWREI_DATA_DIR: home }));
    expect(() => other.open(configured().seal('a secret'))).toThrow();
    expect(() => configured().open('nothing')).toThrow('not a sealed text');
  });

  it('are hashed differently for each purpose', () => {
    expect(configured().hmac('a', 'x')).toBe(configured().hmac('a', 'x'));
    expect(configured().hmac('a', 'x')).not.toBe(configured().hmac('b', 'x'));
    expect(configured().hmac('a', 'x')).toMatch(/^[\w-]{43}$/);
  });

  it('rest on a key in the data folder when none is configured, made once and readable by its owner alone', () => {
    const made = () => new Secrets(loadConfig({ LAWREI_DATA_DIR: home }));
    expect(made().open(made().seal('kept'))).toBe('kept');
    expect(readdirSync(join(home, 'keys'))).toEqual(['encryption.key']);
    expect(statSync(join(home, 'keys', 'encryption.key')).mode & 0o777).toBe(0o600);
  });

  it('need a configured key in production', () => {
    const config = { ...loadConfig({ LAWREI_DATA_DIR: home }), production: true };
    expect(() => new Secrets(config)).toThrow('ENCRYPTION_KEY');
  });
});
