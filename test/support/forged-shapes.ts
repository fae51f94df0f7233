import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { partsOf, signed } from './forged-tokens.js';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The order of P-256: a signature whose halves are it is zero to whoever forgets to reduce. */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** More tokens that must be refused: other algorithms under our public key, other shapes of the same parts, other times. */
export function forgedShapes(valid: string, ours: KeyObject): Record<string, string> {
  const { header, claims } = partsOf(valid);
  const [h = '', c = '', s = ''] = valid.split('.');
  const now = Number(claims['iat']);
  const pem = String(createPublicKey(ours).export({ type: 'spki', format: 'pem' }));
  const der = createPublicKey(ours).export({ type: 'spki', format: 'der' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const as = (changes: object) => signed({ header, claims: { ...claims, ...changes } }, ours);
  const under = (changes: object) => signed({ header: { ...header, ...changes }, claims }, ours);
  const mac = (alg: string, hash: string, secret: string | Buffer) => {
    const text = `${encoded({ ...header, alg })}.${c}`;
    return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
  };
  const by = (alg: string, key: KeyObject) => {
    const text = `${encoded({ ...header, alg })}.${c}`;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
  const raw = (headerText: string, claimsText: string) => {
    const text = `${Buffer.from(headerText).toString('base64url')}.${Buffer.from(claimsText).toString('base64url')}`;
    const signature = sign('sha256', Buffer.from(text), { key: ours, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  return {
    'alg HS384 with the public key': mac('HS384', 'sha384', pem),
    'alg HS512 with the public key': mac('HS512', 'sha512', pem),
    'alg HS256 with the public key in DER': mac('HS256', 'sha256', der),
    'alg HS256 with the kid as the secret': mac('HS256', 'sha256', String(header['kid'])),
    'alg RS256 by an RSA key': by('RS256', rsa),
    'alg PS256 by an RSA key': by('PS256', rsa),
    'alg ES256 by a key of another curve': by('ES256', p384),
    'alg in small letters': under({ alg: 'es256' }),
    'alg as a list': under({ alg: ['ES256'] }),
    'no alg': under({ alg: undefined }),
    'alg NONE': `${encoded({ ...header, alg: 'NONE' })}.${c}.${s}`,
    'an empty kid': under({ kid: '' }),
    'a kid that is null': under({ kid: null }),
    'a kid that is a number': under({ kid: 0 }),
    'a kid of every object': under({ kid: '__proto__' }),
    'a kid that is SQL': under({ kid: "' union select 1 --" }),
    'typ in capitals': under({ typ: 'AT+JWT' }),
    'typ refresh': under({ typ: 'rt+jwt' }),
    'an unencoded payload (b64: false)': under({ b64: false, crit: ['b64'] }),
    'issued in the future': as({ iat: now + 3_600, exp: now + 4_200 }),
    'issued at a text': as({ iat: String(now) }),
    'an expiry that is a text': as({ exp: String(now + 600) }),
    'an expiry beyond all numbers': as({ iat: now - 700, exp: 1e300 }),
    'an expiry that is negative': as({ exp: -1 }),
    'a list of subjects': as({ sub: [claims['sub']] }),
    'a subject that is an object': as({ sub: { $ne: null } }),
    'a list of sessions': as({ sid: [claims['sid']] }),
    'a kind that is a list': as({ kind: ['staff'] }),
    'claims that are a list': raw(JSON.stringify(header), JSON.stringify([claims])),
    'claims that are null': raw(JSON.stringify(header), 'null'),
    'claims that are no JSON': raw(JSON.stringify(header), 'sub=owner'),
    'an empty header': `.${c}.${s}`,
    'an empty signature': `${h}.${c}.`,
    'an unknown signature of the right length': `${h}.${c}.${Buffer.alloc(64, 7).toString('base64url')}`,
    'a signature of the order of the curve': `${h}.${c}.${Buffer.concat([ORDER, ORDER]).toString('base64url')}`,
    'a signature that is too long': `${h}.${c}.${s}AAAA`,
    'the parts in another order': `${c}.${h}.${s}`,
    'a refresh token’s looks': Buffer.alloc(32, 5).toString('base64url'),
    'six digits': '042117',
    'the id of a challenge': '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55',
    'a claim of another key’s own token': signed(
      { header: { ...header, kid: 'next' }, claims },
      createPrivateKey(ours.export({ type: 'pkcs8', format: 'pem' })),
    ),
  };
}
