import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesOf, ROOT, withoutComments } from './source-files.js';

const { MAY_IMPORT }: { MAY_IMPORT: Record<string, string[]> } = await import(
  pathToFileURL(join(ROOT, '.dependency-cruiser.mjs')).href
);

describe('the table of who may import whom', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it.each(folders)('has a row for src/%s', (folder) => expect(Object.keys(MAY_IMPORT)).toContain(folder));

  it('names only folders that have a row of their own', () => {
    const named = new Set(Object.values(MAY_IMPORT).flat());
    expect(Object.keys(MAY_IMPORT)).toEqual(expect.arrayContaining([...named]));
  });

  it('is free of cycles: some folder always needs no other that is left', () => {
    let left = Object.entries(MAY_IMPORT);
    for (let before = Infinity; left.length < before;) {
      before = left.length;
      const names = new Set(left.map(([name]) => name));
      left = left.filter(([, others]) => others.some((other) => names.has(other)));
    }
    expect(left).toEqual([]);
  });
});

describe('files of code, of tests and of scripts', () => {
  const files = filesOf('{src,test,scripts}/**/*.{ts,mjs}');
  const linesOf = (text: string) => text.trimEnd().split('\n').length;

  it('are found in all three folders', () => {
    const folders = new Set(files.map(({ path }) => path.split('/')[0]));
    expect([...folders].toSorted()).toEqual(['scripts', 'src', 'test']);
  });

  it('have at most 300 lines each; a migration is one list and may be longer', () => {
    const long = files
      .filter(({ path, text }) => !path.startsWith('src/database/migrations/') && linesOf(text) > 300)
      .map(({ path, text }) => `${path}: ${linesOf(text)}`);
    expect(long).toEqual([]);
  });
});

describe('the source files', () => {
  const files = filesOf('src/**/*.ts');

  it('are imported one by one: no barrels, no default exports', () => {
    const barrels = files.filter(({ path }) => path.endsWith('/index.ts'));
    const reexports = files.filter(({ text }) => /^export \* from/m.test(withoutComments(text)));
    const defaults = files.filter(({ text }) => /^export default\b/m.test(withoutComments(text)));
    expect([...barrels, ...reexports, ...defaults].map(({ path }) => path)).toEqual([]);
  });

  it('name each shape of a request or an answer once: the API’s document would mix up two of one name', () => {
    const names = files
      .filter(({ path }) => path.includes('/dto/'))
      .flatMap(({ text }) => [...text.matchAll(/^export class (\w+)/gm)].map(([, name = '']) => name));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('the documents', () => {
  /** `src/bookings/policy.ts`, `docs/adr/`, `test/e2e`; neither patterns such as `src/x/*.ts` nor placeholders such as NNNN and NAME. */
  const PATH = /(?<![\w./-])(?:\.\/)?((?:src|test|docs|docker|scripts)\/[\w./-]*[\w/])(?![\w*{<-])/g;
  const PLACEHOLDER = /\/(NNNN|NAME)\b/;

  const named = filesOf('README.md', 'CHANGELOG.md', 'docs/**/*.md').flatMap(({ path, text }) =>
    [...text.matchAll(PATH)].map((match) => ({ document: path, names: match[1] ?? '' })),
  );

  it('name only files and folders that exist', () => {
    const gone = named.filter(({ names }) => !PLACEHOLDER.test(names) && !existsSync(join(ROOT, names)));
    expect(gone).toEqual([]);
  });

  it('are searched by a pattern that finds paths in prose', () => {
    const text =
      'See `src/bookings/policy.ts`, docs/adr/ and [it](./test/e2e/x.e2e-spec.ts). Not `src/**/*.ts`.';
    expect([...text.matchAll(PATH)].map((match) => match[1])).toEqual([
      'src/bookings/policy.ts',
      'docs/adr/',
      'test/e2e/x.e2e-spec.ts',
    ]);
  });
});
