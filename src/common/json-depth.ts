const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET, QUOTE, BACKSLASH] = [123, 91, 125, 93, 34, 92];

/** Whether JSON text nests at most `limit` levels deep and holds at most `keys` keys, found by one scan of its bytes. */
export function isShallow(body: Buffer, limit: number, keys: number): boolean {
  let depth = 0;
  let colons = 0;
  let inText = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 58) colons += 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    if (depth > limit || colons > keys) return false;
  }
  return true;
}
