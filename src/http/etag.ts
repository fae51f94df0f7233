import { hash } from 'node:crypto';

/** The moment an answer was made says nothing about its content. Quotes inside JSON texts are escaped, so only a member can match. */
const VOLATILE = /"generatedAt":"[^"]*"/;

/** The ETag of a versioned answer, or null when it carries no version. */
export function versionTag(body: unknown): string | null {
  const version = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined;
  return typeof version === 'number' ? `"${version}"` : null;
}

/** The ETag of a serialised answer: the same whenever everything but `generatedAt` is. */
export function hashTag(json: string): string {
  return `"${hash('sha256', json.replace(VOLATILE, ''), 'base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` names the tag; by the weak comparison RFC 9110 asks for here. */
export function isMatch(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => ['*', tag, `W/${tag}`].includes(candidate.trim()));
}
