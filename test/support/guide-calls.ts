import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One `curl` of a guide, as a shell would hand it over. */
export interface GuideCall {
  readonly line: string;
  readonly method: string;
  /** As written: with a host, or behind a variable for one. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** A file of the reader's, named after `@`. */
  readonly file: string | null;
}

/** A call that is still words, and the status that the guide says it gets; null where it says none. */
export interface GuideLine {
  readonly line: string;
  readonly status: number | null;
}

const guideOf = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/guides/${name}`, import.meta.url)), 'utf8');

/** Every call of a guide, in its order. */
export function linesOf(guide: string): GuideLine[] {
  const blocks = [...guideOf(guide).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  return blocks.flatMap((block) => {
    const lines = block.replaceAll(/\\\n\s*/g, '').split('\n');
    return lines.flatMap((line, place) => {
      if (!line.startsWith('curl ')) return [];
      const status = /^# (\d{3})\b/.exec(lines[place + 1] ?? '')?.[1];
      return [{ line, status: status === undefined ? null : Number(status) }];
    });
  });
}

/** What the call asks for, with its variables filled in; throws for what no shell or curl would take. */
export function callOf(line: string, variables: Readonly<Record<string, string>>): GuideCall {
  const [, ...words] = wordsOf(line, variables);
  const call = { line, method: '', url: '', body: null as string | null, file: null as string | null };
  const headers: Record<string, string> = {};
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = () => words.shift() ?? '';
    if (word === '-X') call.method = value();
    else if (word === '-H') {
      const [name = '', ...rest] = value().split(':');
      headers[name.toLowerCase()] = rest.join(':').trim();
    } else if (word === '-d') call.body = value();
    else if (word === '--data-binary') call.file = value().replace(/^@/, '');
    else if (word === '-o') value();
    else if (word.startsWith('-')) throw new Error(`${word} is not known here: ${line}`);
    else call.url = word;
  }
  const hasBody = call.body !== null || call.file !== null;
  if (call.body !== null) headers['content-type'] ??= 'application/x-www-form-urlencoded';
  return { ...call, headers, method: call.method || (hasBody ? 'POST' : 'GET') };
}

/** As a shell splits a line: quotes, variables outside single ones, and comments. */
function wordsOf(line: string, variables: Readonly<Record<string, string>>): string[] {
  const filled = (text: string) =>
    text.replaceAll(/\$([A-Z]+)/g, (_, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`nobody knows $${name}: ${line}`);
      return value;
    });
  const words: string[] = [];
  const part = /\s+(?:#.*)?|'([^']*)'|"([^"]*)"|[^\s'"]+/gy;
  let word: string | null = null;
  for (const [text, single, double] of line.matchAll(part)) {
    if (/^\s/.test(text)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + (single ?? filled(double ?? text));
  }
  return word === null ? words : [...words, word];
}
