import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  sign as signBytes,
  type KeyObject,
} from 'node:crypto';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Parts {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** Takes a valid token apart. */
export function partsOf(token: string): Parts {
  const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
  return { header: JSON.parse(header ?? ''), claims: JSON.parse(claims ?? '') };
}

/** Signs any header and claims with ES256: what somebody who holds the key could make. */
export function signed({ header, claims }: Parts, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function withSecret({ header, claims }: Parts, secret: string | Buffer): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function derSigned({ header, claims }: Parts, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`;
}

/** Tokens that look like `valid` and must all be refused, each under the trick it tries; `ours` is the real signing key. */
export function forgedTokens(
  valid: string,
  ours: KeyObject,
  others: { accountId: string; sessionId: string },
): Record<string, string> {
  const { header, claims } = partsOf(valid);
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreignJwk = foreign.publicKey.export({ format: 'jwk' });
  const publicPem = createPublicKey(ours).export({ type: 'spki', format: 'pem' });
  const [h = '', c = '', s = ''] = valid.split('.');
  const as = (changes: object, key = ours) => signed({ header, claims: { ...claims, ...changes } }, key);
  const under = (changes: object, key = ours) => signed({ header: { ...header, ...changes }, claims }, key);
  const now = Number(claims['iat']);
  return {
    'another key': signed({ header, claims }, foreign.privateKey),
    'another key that names itself by jwk': under({ jwk: foreignJwk }, foreign.privateKey),
    'another key that names itself by jku': under(
      { jku: 'https://evil.example/keys.json' },
      foreign.privateKey,
    ),
    'another key that names itself by x5u': under(
      { x5u: 'https://evil.example/cert.pem' },
      foreign.privateKey,
    ),
    'another key under an unknown kid': under({ kid: 'mine' }, foreign.privateKey),
    'no kid': under({ kid: undefined }),
    'a kid that is no text': under({ kid: ['x'] }),
    'a kid that is a path': under({ kid: '../../dev/null' }),
    'alg none, unsigned': `${encoded({ ...header, alg: 'none' })}.${c}.`,
    'alg None in another spelling': `${encoded({ ...header, alg: 'nOnE' })}.${c}.`,
    'alg HS256 with the public key as the secret': withSecret(
      { header: { ...header, alg: 'HS256' }, claims },
      String(publicPem),
    ),
    'alg HS256 with an empty secret': withSecret({ header: { ...header, alg: 'HS256' }, claims }, ''),
    'alg ES384 in the header': under({ alg: 'ES384' }),
    'typ JWT': under({ typ: 'JWT' }),
    'no typ': under({ typ: undefined }),
    'a critical extension nobody knows': under({ crit: ['exp'] }),
    'another issuer': as({ iss: 'https://evil.example' }),
    'no issuer': as({ iss: undefined }),
    'another audience': as({ aud: 'another-api' }),
    'no audience': as({ aud: undefined }),
    expired: as({ iat: now - 700, exp: now - 100 }),
    'no expiry': as({ exp: undefined }),
    'an expiry in a year': as({ iat: now - 700, exp: now + 31_536_000 }),
    'not valid yet': as({ nbf: now + 600 }),
    'another account in its own session': as({ sub: others.accountId }),
    'another account’s session': as({ sid: others.sessionId }),
    'another kind': as({ kind: 'customer' }),
    'the system itself': as({ kind: 'system' }),
    'a session that is no id': as({ sid: "' or true --" }),
    'no session': as({ sid: undefined }),
    'changed claims under the old signature': `${h}.${encoded({ ...claims, sub: others.accountId })}.${s}`,
    'a cut signature': `${h}.${c}.${s.slice(0, -4)}`,
    'a signature of zeros': `${h}.${c}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature in DER': derSigned({ header, claims }, ours),
    'two parts': `${h}.${c}`,
    'five parts': `${valid}.${h}.${c}`,
    'no JSON in it': 'aaaa.bbbb.cccc',
    'a header that is a list': `${encoded([1])}.${c}.${s}`,
    'very long': `${h}.${encoded({ ...claims, more: 'x'.repeat(5_000) })}.${s}`,
  };
}
