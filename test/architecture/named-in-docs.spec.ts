import { PROBLEMS } from '../../src/common/problem.catalogue.js';
import { filesOf } from './source-files.js';

const textOf = (path: string) => filesOf(path)[0]?.text ?? '';

/** Routes of the running application; Swagger's, the sandbox's and those of the providers it plays are not in its own document. */
const { paths }: { paths: Record<string, Record<string, unknown>> } = JSON.parse(textOf('docs/openapi.json'));
const BESIDE = /^\/(sandbox|docs|docs-json|v1|__\w+)(\/|$)/;
const PLACEHOLDER = /^(:\w+|\$\w+|[A-Z]{2,}|\{\w+\}|…)$/;

const documents = filesOf('README.md', 'CHANGELOG.md', 'docs/*.md', 'docs/guides/*.md').filter(
  ({ path }) => path !== 'docs/access.md',
);

function isPath(template: string, named: string): boolean {
  const [ours, theirs] = [template.split('/'), named.split('/')];
  return (
    ours.length === theirs.length &&
    ours.every((part, at) => part === theirs[at] || (part.startsWith('{') && theirs[at] !== ''))
  );
}

/** Whether there is such a route; a name in place of an id, or an ellipsis at the end, is one too. */
function exists(method: string | null, named: string): boolean {
  const path = named.replace(/[?#].*$/, '').replace(/\/$/, '');
  if (path === '' || BESIDE.test(path)) return true;
  if (path.endsWith('/…')) return Object.keys(paths).some((known) => known.startsWith(path.slice(0, -1)));
  return Object.entries(paths).some(
    ([template, methods]) =>
      isPath(
        template,
        path.replaceAll(/[^/]+/g, (part) => (PLACEHOLDER.test(part) ? ':x' : part)),
      ) &&
      (method === null || method.toLowerCase() in methods),
  );
}

describe('what the documents name', () => {
  it('are routes that exist', () => {
    const named = documents.flatMap(({ path, text }) => [
      ...[...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^\s`]*)/g)].map(
        ([, method = '', route = '']) => ({
          ...{ path, method, route },
        }),
      ),
      ...[...text.matchAll(/(?:\$URL|PUBLIC_URL|localhost:3000)(\/[\w/:$.-]+)/g)].map(([, route = '']) => ({
        ...{ path, method: null, route: route.replace(/\.$/, '') },
      })),
    ]);
    expect(named.length).toBeGreaterThan(80);
    const gone = named.filter(({ method, route }) => !exists(method, route));
    expect(gone.map(({ path, method, route }) => `${path}: ${method ?? ''} ${route}`)).toEqual([]);
  });

  it('tells a route that does not exist', () => {
    expect([
      exists('GET', '/api/nowhere'),
      exists('DELETE', '/api/services'),
      exists(null, '/api/services'),
    ]).toEqual([false, false, true]);
  });

  it('are commands that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
    const commands = new Set(
      [...textOf('src/cli.ts').matchAll(/\.command\('([\w:-]+)'\)/g)].map(([, name]) => name),
    );
    const proofs = new Set(
      filesOf('test/prove/*.prove.ts').map(({ path }) => path.replace(/^.*\/|\.prove\.ts$/g, '')),
    );
    const unknown = documents.flatMap(({ path, text }) => [
      ...[...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]
        .filter(([, name = '']) => !(name in scripts))
        .map(([said]) => `${path}: ${said}`),
      ...[...text.matchAll(/npm run (?:--silent )?lawrei -- ([\w:-]+)/g)]
        .filter(([, name]) => !commands.has(name))
        .map(([said]) => `${path}: ${said}`),
      ...[...text.matchAll(/npm run (?:--silent )?prove -- ([a-z-]+)/g)]
        .filter(([, name = '']) => !proofs.has(name))
        .map(([said]) => `${path}: ${said}`),
    ]);
    expect(unknown).toEqual([]);
  });

  it('explain every code of a refusal, once, and no other', () => {
    const rows = textOf('docs/guides/troubleshooting.md').match(/^\| .*$/gm) ?? [];
    const explained = rows.flatMap((row) => (row.split('|')[1] ?? '').match(/(?<=`)[a-z-]+(?=`)/g) ?? []);
    expect(explained.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });

  it('are tests that exist, by their names', () => {
    const named = [...textOf('docs/coverage.md').matchAll(/`([\w./-]+\.ts)` “([^”]+)”/g)];
    expect(named.length).toBeGreaterThan(90);
    const gone = named.filter(([, file = '', title = '']) => !textOf(file).includes(title));
    expect(gone.map(([said]) => said)).toEqual([]);
  });
});
