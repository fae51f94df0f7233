import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, in 43 characters that fit into a URL. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret token. It holds 256 bits, so a plain hash tells nobody anything. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
