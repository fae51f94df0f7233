import { patterns, satisfaction, servicesReport } from './naive/booking-reports.js';
import { customers, retention } from './naive/customer-reports.js';
import { kpis } from './naive/kpis.js';
import { notifications, revenue } from './naive/money-reports.js';
import { MINUTE, type Question, type RawRows } from './naive/rows.js';
import { utilization } from './naive/utilization.js';
import type { Answer, Caller } from './test-app.js';

/** One report as the application tells it and as the raw rows give it, in one shape. */
export interface Compared {
  report: string;
  told: unknown;
  raw: unknown;
}

// eslint-disable-next-line typescript/no-explicit-any
type Body = Answer['body'];
type Listed = Record<string, unknown>;

const MOST_CUSTOMERS = 1_000;
/** What is rounded once more here than there is compared to the precision it is told with. */
const near = (value: number | null) => (value === null ? null : Math.round(value * 10));

const counted = (rows: Listed[], key: (row: Listed) => string, count: string) =>
  Object.fromEntries(rows.map((row) => [key(row), row[count]]));
const without = (rows: Listed[], ...keys: string[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key))));
const sortedBy = (rows: Listed[], key: string) =>
  rows.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));

interface Report {
  path: string;
  more?: Record<string, string>;
  told: (body: Body) => unknown;
  raw: (rows: RawRows, question: Question) => unknown;
}

const REPORTS: readonly Report[] = [
  {
    path: 'booking-patterns',
    told: ({ medianLeadHours, sources, ...rest }) => ({
      ...{ ...rest, medianLeadHours: near(medianLeadHours) },
      sources: counted(sources, ({ source }) => String(source), 'bookings'),
    }),
    raw: (rows, question) => {
      const { medianLeadHours, ...rest } = patterns(rows, question);
      return { ...rest, medianLeadHours: near(medianLeadHours) };
    },
  },
  {
    path: 'customers',
    more: { limit: String(MOST_CUSTOMERS) },
    told: ({ best, ...rest }) => ({ ...rest, best: without(best, 'name') }),
    raw: (rows, question) => {
      const { best, ...rest } = customers(rows, question);
      return { ...rest, best: best.slice(0, MOST_CUSTOMERS) };
    },
  },
  { path: 'retention', told: (body) => body, raw: retention },
  {
    path: 'services',
    told: ({ services }) => sortedBy(services, 'serviceId'),
    raw: (rows, question) => sortedBy(servicesReport(rows, question), 'serviceId'),
  },
  {
    path: 'utilization',
    told: ({ total, staff, periods, gaps }) => ({
      total,
      staff: Object.fromEntries(staff.map(({ staffId, name: _, ...used }: Listed) => [staffId, used])),
      periods: Object.fromEntries(
        periods.map(({ staffId, period, name: _, ...used }: Listed) => [
          `${String(staffId)}/${String(period)}`,
          used,
        ]),
      ),
      gaps: gaps?.map((gap: Listed) => ({ ...gap, start: Date.parse(String(gap['start'])) / MINUTE })),
    }),
    raw: (rows, question) => {
      const { gaps, ...rest } = utilization(rows, question);
      const isShort = Date.parse(question.to) - Date.parse(question.from) < 31 * 1_440 * MINUTE;
      return {
        ...rest,
        gaps: isShort
          ? sortedBy(
              gaps.map((gap) => ({ ...gap })),
              'staffId',
            )
          : undefined,
      };
    },
  },
  {
    path: 'notifications',
    told: ({ channels, failures, ...rest }) => ({
      ...rest,
      channels: channels.map((row: Listed) => ({
        ...row,
        medianSeconds: near(row['medianSeconds'] as number),
      })),
      failures: counted(failures, ({ channel, code }) => `${String(channel)}/${String(code)}`, 'messages'),
    }),
    raw: (rows, question) => {
      const { channels, ...rest } = notifications(rows, question);
      return {
        ...rest,
        channels: channels.map((row) => ({ ...row, medianSeconds: near(row.medianSeconds) })),
      };
    },
  },
  {
    path: 'satisfaction',
    told: ({ staff, ...rest }) => ({ ...rest, staff: sortedBy(staff, 'staffId') }),
    raw: satisfaction,
  },
  {
    path: 'revenue',
    told: ({ declines, ...rest }) => ({
      ...rest,
      declines: counted(declines, ({ code }) => String(code), 'payments'),
    }),
    raw: revenue,
  },
  {
    path: 'kpis',
    told: ({ prevented, ...rest }) => ({
      ...rest,
      prevented: counted(prevented, ({ rule }) => String(rule), 'requests'),
    }),
    raw: kpis,
  },
];

export const REPORT_PATHS = REPORTS.map(({ path }) => path);

/** Which parts of a question a report knows. */
function narrowedTo(path: string, { staffId, serviceId, granularity }: Question) {
  const isWhole = ['retention', 'notifications', 'kpis'].includes(path);
  return {
    ...(path === 'kpis' ? {} : { granularity }),
    ...(staffId && !isWhole ? { staffId } : {}),
    ...(serviceId && !isWhole && path !== 'utilization' ? { serviceId } : {}),
  };
}

/** Asks for one report over HTTP. */
export async function askReport(caller: Caller, path: string, question: Question): Promise<Body> {
  const { from, to } = question;
  const more = REPORTS.find((report) => report.path === path)?.more;
  const query = new URLSearchParams({ from, to, ...more, ...narrowedTo(path, question) });
  const answer = await caller.get(`/admin/analytics/${path}?${query.toString()}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  const { from: _from, to: _to, timeZone: _zone, currency: _currency, at: _at, ...figures } = answer.body;
  return figures;
}

/** Asks for every report and works each out from the raw rows. */
export async function compareReports(caller: Caller, rows: RawRows, question: Question): Promise<Compared[]> {
  const { from, to, granularity } = question;
  const compared: Compared[] = [];
  for (const { path, told, raw } of REPORTS) {
    const figures = await askReport(caller, path, question);
    const own = { from, to, granularity, ...narrowedTo(path, question) };
    compared.push({ report: path, told: told(figures), raw: raw(rows, own) });
  }
  return compared;
}
