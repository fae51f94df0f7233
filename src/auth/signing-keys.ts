import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConfigurationError } from '../config/environment.js';
import { keptSecret } from '../config/kept-secret.js';

/** An ES256 key pair under its RFC 7638 thumbprint. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys of access tokens: the first signs, all of them verify, so that a key can be changed without signing anybody out. */
@Injectable()
export class SigningKeys {
  readonly current: SigningKey;
  private readonly byId: ReadonlyMap<string, SigningKey>;

  constructor(config: Config) {
    const [current, ...next] = pemsOf(config).map(readKey);
    if (!current) throw new ConfigurationError('JWT_PRIVATE_KEY must be set in production');
    this.current = current;
    this.byId = new Map([current, ...next].map((key) => [key.kid, key]));
  }

  /** The key a token names, if it is one of ours. */
  find(kid: string): SigningKey | undefined {
    return this.byId.get(kid);
  }
}

function pemsOf(config: Config): string[] {
  if (config.jwtPrivateKeys.length > 0 || config.production) return config.jwtPrivateKeys;
  return [keptSecret(config.dataDir, 'access-tokens.pem', newKey)];
}

function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function readKey(pem: string): SigningKey {
  const privateKey = parse(pem);
  if (privateKey?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new ConfigurationError(
      'JWT_PRIVATE_KEY and JWT_NEXT_PRIVATE_KEY must be private EC keys on P-256, in PEM',
    );
  }
  const publicKey = createPublicKey(privateKey);
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kid, privateKey, publicKey };
}

function parse(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n')); // an .env file holds a PEM on one line
  } catch {
    return null;
  }
}
