const FEWEST_DIGITS = 3;

/** Text in a `like` pattern that stands for itself. */
const literal = (text: string) => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);

/**
 * The condition for what staff typed: the beginning of any of a person's names, of the e-mail, or part of the phone number. Spaces
 * and signs in a number do not matter; with `+` it counts from the beginning.
 */
export function matching(search: string | undefined): object {
  const text = search?.trim() ?? '';
  if (text === '') return {};
  const begins = literal(text);
  return {
    $or: [
      { name: { $ilike: `${begins}%` } },
      { name: { $ilike: `% ${begins}%` } },
      { email: { $like: `${begins.toLowerCase()}%` } },
      ...phoneConditions(text),
    ],
  };
}

function phoneConditions(text: string): object[] {
  if (!/^\+?[\d\s().-]+$/.test(text)) return [];
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < FEWEST_DIGITS) return [];
  return [{ phone: { $like: text.startsWith('+') ? `+${digits}%` : `%${digits}%` } }];
}
