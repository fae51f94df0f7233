import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './ground.js';
import type { Figures } from './measure.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A goal is missed for good when it is missed by more than a shared machine drifts. */
const DRIFT = 1.25;

/** A line of the table of goals. */
export interface Goal {
  what: string;
  /** What was measured, in words. */
  measured: string;
  /** The figure that is judged. */
  value: number;
  unit: '×' | 'ms' | 'MB' | '%' | 'req/s';
  must: number;
  aim: number;
  better: 'more' | 'less';
}

/** A line of the table of figures. */
export interface Measured {
  what: string;
  connections: number;
  figures: Figures;
}

export interface Report {
  goals: Goal[];
  figures: Measured[];
  notes: string[];
}

export type Verdict = 'aim' | 'must' | 'within drift' | 'missed' | 'not measured';

export function verdictOf({ value, must, aim, better }: Goal): Verdict {
  if (!Number.isFinite(value)) return 'not measured';
  const reaches = (goal: number) => (better === 'more' ? value >= goal : value <= goal);
  if (reaches(aim)) return 'aim';
  if (reaches(must)) return 'must';
  return reaches(better === 'more' ? must / DRIFT : must * DRIFT) ? 'within drift' : 'missed';
}

/** The whole report as Markdown; the same is printed and written. */
export function markdownOf({ goals, figures, notes }: Report, options: BenchOptions): string {
  const lines = [
    '# Performance',
    '',
    'Written by `npm run bench -- --write`: Lawrei beside a bare fastify + pg on the same PostgreSQL, in turn, in one run. Compare the ratios, not the absolute figures, with those of another machine; load generator, servers and PostgreSQL share its cores.',
    '',
    `${new Date().toISOString().slice(0, 10)} · commit ${commit()} · seed ${options.seed} · ${options.rounds} rounds of ${options.seconds} s, medians · ${machine()}`,
    '',
    ...table(
      ['Goal', 'Measured', 'Figure', 'Must', 'Aim', 'Verdict'],
      goals.map((goal) => [
        goal.what,
        goal.measured,
        said(goal.value, goal.unit),
        `${sign(goal)} ${said(goal.must, goal.unit)}`,
        `${sign(goal)} ${said(goal.aim, goal.unit)}`,
        verdictOf(goal),
      ]),
    ),
    '',
    ...table(
      ['Load', 'Connections', 'req/s', 'p50 ms', 'p97.5 ms', 'p99 ms', 'Node CPU ms', 'PostgreSQL CPU ms'],
      figures.map(({ what, connections, figures: f }) => [
        what,
        String(connections),
        f.perSecond.toFixed(0),
        ...[f.p50, f.p975, f.p99, f.nodeCpu, f.databaseCpu].map((ms) =>
          Number.isFinite(ms) ? ms.toFixed(2) : '–',
        ),
      ]),
    ),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ];
  return lines.join('\n');
}

const sign = ({ better }: Goal) => (better === 'more' ? '≥' : '≤');

function said(value: number, unit: Goal['unit']): string {
  if (!Number.isFinite(value)) return '–';
  const digits = unit === '×' ? 2 : unit === 'ms' || unit === '%' ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed =
      git('status', '--porcelain', '--', ':!docs/performance.md') === '' ? '' : ' with uncommitted changes';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
