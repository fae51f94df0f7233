const FIELDS = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const ZEROS = /^0+$/;

/**
 * The trace a caller's request belongs to (W3C Trace Context, `traceparent`), or null when the header is absent or not
 * valid to the letter: as the standard asks, one that cannot be read is ignored, never repaired.
 */
export function traceIdOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const [, version, traceId = '', parentId = '', more] = FIELDS.exec(header) ?? [];
  if (version === undefined || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(parentId)) return null;
  // Version 00 ends with its flags; later ones may have more to say.
  return version === '00' && more !== undefined ? null : traceId;
}
