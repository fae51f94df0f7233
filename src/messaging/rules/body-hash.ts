import { createHash } from 'node:crypto';

/** SHA-256 of a text as it travels, in hex: enough to find it in the provider's list without keeping it. */
export function bodyHash(body: string): string {
  return createHash('sha256').update(body.trim()).digest('hex');
}
