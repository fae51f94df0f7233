import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.js';

describe('the journal of the sandbox', () => {
  const dir = mkdtempSync(join(tmpdir(), 'journal-'));
  let count = 0;
  const aPath = () => join(dir, `${++count}.jsonl`);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('remembers after a restart what it was told before', () => {
    const path = aPath();
    const first = new Journal(path);
    first.append('a', { text: 'õhtu' });
    first.append('b', 2);
    first.close();

    const second = new Journal(path);
    expect(second.past.map(({ seq, kind, data }) => [seq, kind, data])).toEqual([
      [1, 'a', { text: 'õhtu' }],
      [2, 'b', 2],
    ]);
    expect(second.append('c', null).seq).toBe(3);
    second.close();
  });

  it('forgets a line that was cut off by a crash, and writes on cleanly after it', () => {
    const path = aPath();
    const first = new Journal(path);
    first.append('a', 'õ');
    first.close();
    appendFileSync(path, '{"seq":2,"kind":"a","da');

    const second = new Journal(path);
    second.append('b', 2);
    second.close();

    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line).kind)).toEqual(['a', 'b']);
  });

  it('steps over a line that is no entry', () => {
    const path = aPath();
    appendFileSync(path, 'nonsense\n{"seq":7,"at":"x","kind":"a","data":1}\n42\n');
    const journal = new Journal(path);
    expect(journal.past.map((entry) => entry.seq)).toEqual([7]);
    journal.close();
  });

  it('hands out the raw lines piece by piece, and starts over after it was emptied', () => {
    const journal = new Journal(aPath());
    journal.append('a', 1);
    const first = journal.read(0);
    journal.append('b', 2);
    const second = journal.read(first.next);
    expect([first.text, second.text].map((text): unknown => JSON.parse(text).kind)).toEqual(['a', 'b']);
    expect(journal.read(second.next).text).toBe('');

    journal.truncate();
    journal.append('c', 3);
    expect(JSON.parse(journal.read(second.next).text)).toMatchObject({ kind: 'c', seq: 3 });
    journal.close();
  });
});
