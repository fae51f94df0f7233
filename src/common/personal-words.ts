/** An e-mail address, a telephone number of seven digits and more, a long token, and what a database quotes of a row. */
const PERSONAL = [
  [/[^\s@"'()<>]+@[^\s@"'()<>]+/g, '[e-mail]'],
  [/\+?\d[\d\s().-]{5,}\d/g, '[number]'],
  [/[A-Za-z0-9_-]{40,}/g, '[token]'],
  [/\(([\w", ]+)\)=\(.*?\)/g, '($1)=([value])'],
] as const;

/** Words of an error without what could name somebody: they leave this machine. Rather too much is cut than too little. */
export function withoutPersonalData(text: string): string {
  return PERSONAL.reduce((words, [pattern, instead]) => words.replaceAll(pattern, instead), text);
}
