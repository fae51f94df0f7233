import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/config.js';
import { SigningKeys } from './signing-keys.js';

describe('the keys of access tokens', () => {
  const home = mkdtempSync(join(tmpdir(), 'lawrei-keys-'));
  afterAll(() => rmSync(home, { recursive: true }));

  const keysWith = (env: Record<string, string> = {}) =>
    new SigningKeys(loadConfig({ LAWREI_DATA_DIR: home, ...env }));
  const pem = (namedCurve = 'P-256') =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it('are made once and kept for their owner alone when none is configured', () => {
    expect(keysWith().current.kid).toBe(keysWith().current.kid);
    expect(statSync(join(home, 'keys', 'access-tokens.pem')).mode & 0o777).toBe(0o600);
  });

  it('are named by their RFC 7638 thumbprint', () => {
    const { current } = keysWith();
    const { crv, kty, x, y } = current.publicKey.export({ format: 'jwk' });
    const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    expect(current.kid).toBe(thumbprint);
    expect(keysWith().find(thumbprint)?.publicKey.type).toBe('public');
    expect(keysWith().find('another')).toBeUndefined();
  });

  it('can be two: the first signs, the next is already accepted', () => {
    const [first, next] = [pem(), pem()];
    const keys = keysWith({ JWT_PRIVATE_KEY: first, JWT_NEXT_PRIVATE_KEY: next });
    const after = keysWith({ JWT_PRIVATE_KEY: next });
    expect(keys.current.kid).toBe(keysWith({ JWT_PRIVATE_KEY: first }).current.kid);
    expect(keys.find(after.current.kid)?.kid).toBe(after.current.kid);
  });

  it('may be written on one line, as .env files want it', () => {
    const key = pem();
    expect(keysWith({ JWT_PRIVATE_KEY: key.replaceAll('\n', '\\n') }).current.kid).toBe(
      keysWith({ JWT_PRIVATE_KEY: key }).current.kid,
    );
  });

  it.each([
    ['another curve', pem('P-384')],
    ['nonsense', '-----BEGIN NONSENSE-----'],
  ])('are refused when one is %s', (_, key) => {
    expect(() => keysWith({ JWT_PRIVATE_KEY: key })).toThrow('P-256');
  });

  it('must be configured in production', () => {
    const config = { ...loadConfig({ LAWREI_DATA_DIR: home }), production: true };
    expect(() => new SigningKeys(config)).toThrow('JWT_PRIVATE_KEY');
  });
});
