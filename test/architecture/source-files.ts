import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's folder: the architecture tests read files and run nothing of the product. */
export const ROOT = join(import.meta.dirname, '../..');

/** A file's text and its path from the root, with `/` on every system. */
export interface SourceFile {
  path: string;
  text: string;
}

export function filesOf(...patterns: string[]): SourceFile[] {
  return globSync(patterns, { cwd: ROOT })
    .map((found) => ({ path: found.replaceAll('\\', '/'), text: readFileSync(join(ROOT, found), 'utf8') }))
    .toSorted((one, other) => one.path.localeCompare(other.path, 'en'));
}

/** Blanks comments, keeping the lines, so that prose about a forbidden thing is not the thing. */
export function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replaceAll(/[^\n]/g, ' ');
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, blank).replaceAll(/(?<!:)\/\/.*$/gm, blank);
}
