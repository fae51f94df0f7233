import { filesOf, withoutComments, type SourceFile } from './source-files.js';

interface Ban {
  what: string;
  why: string;
  pattern: RegExp;
  /** Files, or folders ending in `/`, that may. */
  except: string[];
  /** Proof that the pattern works: text it must find, and text it must leave alone. */
  finds: string[];
  spares: string[];
}

/** What the linter has no rule for; `process.env`, `console` and `any` are its business (.oxlintrc.json). */
const BANS: Ban[] = [
  {
    what: 'reading the clock',
    why: 'time comes in as `now`, or from the injected Clock, so that a test can live through a week',
    pattern: /\bnew Date\(\s*\)|\bDate\.now\(|\bTemporal\.Now\b/,
    except: ['src/common/clock.ts', 'src/sandbox/emulator/'],
    finds: ['const at = new Date();', 'Date.now()', 'Temporal.Now.instant()'],
    spares: ['new Date(closesAt)', 'clock.now()', 'performance.now()'],
  },
  {
    what: 'a raw connection',
    why: 'it carries no actor, so row-level security shows it nothing, or runs outside the transaction',
    pattern: /\.(getConnection|getKysely)\(/,
    except: ['src/database/'],
    finds: ['em.getConnection().execute(sql)', 'this.em.getKysely()'],
    spares: ['getConnectionState()', 'em.execute(sql)'],
  },
  {
    what: 'a transaction of its own',
    why: '`transact(actor, work)` is the one way: it sets the actor, joins and retries',
    pattern: /\.transactional\(|\b(em|entityManager)\.begin\(/,
    except: ['src/database/'],
    finds: ['em.transactional(async () => 1)', 'await em.begin();'],
    spares: ['transact(actor, work)', 'span.begin()'],
  },
  {
    what: 'a database setting that outlives its transaction',
    why: 'the next one to use the pooled connection would act as the last',
    pattern: /set_config\([^)]*,\s*false\s*\)|\b(execute|query)\(\s*['"`]\s*set\s+(?!local\b)/i,
    except: [],
    finds: ["select set_config('app.customer_id', $1, false)", "em.execute('SET app.customer_id = 1')"],
    spares: ["select set_config('app.customer_id', $1, true)", "query('set local lock_timeout = 1')"],
  },
  {
    what: 'forwardRef',
    why: 'it hides an import cycle',
    pattern: /\bforwardRef\(/,
    except: [],
    finds: ['@Inject(forwardRef(() => Payments))'],
    spares: ['forward(ref)'],
  },
];

const isAllowed = (ban: Ban, path: string) =>
  ban.except.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));

function placesOf(pattern: RegExp, { path, text }: SourceFile): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

const code = filesOf('src/**/*.ts')
  .filter(({ path }) => !path.endsWith('.spec.ts'))
  .map(({ path, text }) => ({ path, text: withoutComments(text) }));

describe.each(BANS)('$what is forbidden, because $why', (ban) => {
  it.each(ban.finds)('is recognised in: %s', (text) => expect(text).toMatch(ban.pattern));

  it.each(ban.spares)('is not seen in: %s', (text) => expect(text).not.toMatch(ban.pattern));

  it('happens nowhere', () => {
    const places = code
      .filter(({ path }) => !isAllowed(ban, path))
      .flatMap((file) => placesOf(ban.pattern, file));
    expect(places).toEqual([]);
  });
});

describe('what is left to do', () => {
  const unnumbered = /\b(TODO|FIXME)\b(?!\(?\s*#\d+)/;

  it('is known by its issue number', () => {
    expect('TODO: later').toMatch(unnumbered);
    expect('TODO(#12): later').not.toMatch(unnumbered);
    const places = filesOf('src/**/*.ts', 'test/**/*.ts', 'scripts/*.{ts,mjs}')
      .filter(({ path }) => path !== 'test/architecture/forbidden.spec.ts')
      .flatMap((file) => placesOf(unnumbered, file));
    expect(places).toEqual([]);
  });
});
