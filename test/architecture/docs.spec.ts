import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesOf, ROOT } from './source-files.js';

const { MAY_IMPORT }: { MAY_IMPORT: Record<string, string[]> } = await import(
  pathToFileURL(join(ROOT, '.dependency-cruiser.mjs')).href
);

const textOf = (path: string) => filesOf(path)[0]?.text ?? '';

describe('docs/architecture.md', () => {
  it('has the table of imports that the checks enforce', () => {
    const section =
      textOf('docs/architecture.md').split('## Who may import whom')[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\| ([a-z]+) +\| (.+?) +\|$/gm)].map(([, name = '', cell = '']) => [
      name,
      cell === '–' ? [] : cell.split(', '),
    ]);
    expect(Object.fromEntries(rows)).toEqual(MAY_IMPORT);
  });
});

describe('the decisions', () => {
  const decisions = filesOf('docs/adr/[0-9]*.md');

  it('are numbered without gaps, and each stands in the list', () => {
    const list = textOf('docs/adr/README.md');
    const numbers = decisions.map(({ path }) => Number(/(\d{4})-/.exec(path)?.[1]));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    for (const { path, text } of decisions) {
      const title = /^# \d+\. (.+)$/m.exec(text)?.[1];
      expect(list).toContain(`[${title}](${path.replace('docs/adr/', '')})`);
    }
  });

  it('say the context, the choice and what it cost, on one page', () => {
    for (const { path, text } of decisions) {
      const parts = ['**Context.**', '**Choice.**', '**What we gave up.**'].filter(
        (part) => !text.includes(part),
      );
      expect([path, parts, text.split('\n').length <= 45]).toEqual([path, [], true]);
    }
  });
});

describe('links between documents', () => {
  it('lead to files that exist', () => {
    const documents = filesOf('README.md', 'CHANGELOG.md', 'docs/**/*.md');
    const paths = new Set(
      [...documents, ...filesOf('.env.example', 'docs/openapi.json')].map((file) => file.path),
    );
    const broken = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target = '']) => join(path, '..', target).replaceAll('\\', '/').replace(/\/$/, '/README.md'))
        .filter((target) => !paths.has(target))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
