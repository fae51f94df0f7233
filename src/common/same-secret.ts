import { createHash, timingSafeEqual } from 'node:crypto';

/** In time that tells nothing of how much of it is right. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
