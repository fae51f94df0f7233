import { isUtf8 } from 'node:buffer';
import { Malformed } from './domain-error.js';
import { isShallow } from './json-depth.js';

const DEEPEST = 20;
const MOST_KEYS = 200;

/** Names that every object has by itself: as fields of a request they could only do harm. */
export function isReservedName(name: string): boolean {
  return name in Object.prototype;
}

/**
 * Reads a request's body as strictly as can be: UTF-8, a JSON object, at most 20 deep and 200 keys, no reserved names.
 * An absent body is an empty object, so that validation names every missing field. Throws `Malformed`.
 */
export function readJsonBody(bytes: Buffer): object {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw new Malformed('The body is not UTF-8.');
  if (!isShallow(bytes, DEEPEST, MOST_KEYS))
    throw new Malformed('The body nests too deeply or has too many keys.');
  let reserved = false;
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'), (key, value: unknown) => {
      reserved ||= isReservedName(key);
      return value;
    });
  } catch {
    throw new Malformed('The body is not valid JSON.');
  }
  if (reserved) throw new Malformed('The body uses a reserved name as a key.');
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Malformed('The body must be a JSON object.');
  return body;
}
