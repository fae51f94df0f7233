import type { Failpoint } from '../../src/common/failpoint.js';
import { brokenInvariants } from './booking-invariants.js';
import { ACTIONS, call, CalendarHistory, DAY_MS, OWN_CALENDAR, type Call } from './calendar-history.js';
import type { CrashApp } from './crash-app.js';
import type { Random } from './random.js';
import { openSalon } from './salon.js';
import { OWNER_EMAIL, OWNER_PASSWORD } from './test-app.js';
import { asOwner, type TestDatabase } from './test-database.js';

const PLACES = [
  'calendar.before-call',
  'calendar.after-call',
  'calendar.before-settle',
  'calendar.before-apply',
  'outbox.before-settle',
] as const satisfies readonly Failpoint[];

/** How much happens in one history. */
export interface HistorySize {
  readonly steps: number;
  readonly kills: number;
}

/** A salon with two calendars, and everything that bookings, staff in Google, Google itself and power cuts do to them. */
export class CalendarHistories {
  private serviceId = '';
  private staffIds: string[] = [];
  private connection = '';
  private day = 10;
  private token: string | null = null;

  constructor(
    private readonly app: CrashApp,
    private readonly database: TestDatabase,
  ) {}

  async open(): Promise<void> {
    const salon = await openSalon({ sql: (text, values) => this.sql(text, values) }, { staff: 3 });
    Object.assign(this, salon);
    const sandbox = await this.app.sandbox();
    await sandbox.config({ stepMs: 1 });
    await sandbox.addCalendar({ id: OWN_CALENDAR });
    const [row] = await this.sql<{ id: string }>('select id from calendar_connection');
    this.connection = row?.id ?? '';
    await this.sql('update business set remind_day_before = false');
    const calendar = { googleId: OWN_CALENDAR, staffId: this.staffIds[0], isTarget: true };
    const added = await this.ask(
      'POST',
      `/admin/calendar/connections/${this.connection}/calendars`,
      calendar,
    );
    if (added?.status !== 201) throw new Error(`no calendar: ${added?.text}`);
  }

  /** What is wrong at the end of a history, in words; nothing when calendars and bookings agree. */
  async run(random: Random, { steps, kills }: HistorySize): Promise<string[]> {
    this.day += 4;
    const history = new CalendarHistory(this.app, random, {
      ...{
        serviceId: this.serviceId,
        staffIds: this.staffIds,
        sql: (text, values) => this.sql(text, values),
      },
      ...{
        ask: (...request) => this.ask(...request),
        from: Date.now() + this.day * DAY_MS,
        connection: this.connection,
      },
    });
    const killAt = new Set(Array.from({ length: kills }, () => random.int(1, steps)));
    for (let step = 1; step <= steps; step += 1) {
      if (!this.app.isAlive()) await this.app.restart();
      if (killAt.has(step)) await this.app.arm(random.pick(PLACES), random.int(1, 3));
      await history.step(random.pick(ACTIONS));
    }
    await history.settle();
    return [
      ...(await history.faults()),
      ...(await brokenInvariants((text, values) => this.sql(text, values))),
    ];
  }

  private sql<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return asOwner<Row>(this.database, text, values);
  }

  /** As the owner, who signs in once and again when the token has run out: doing it often looks like guessing. */
  private async ask(...request: Parameters<Call>): ReturnType<Call> {
    this.token ??= await this.signIn();
    const answer = await call(this.app.url, this.token, request);
    if (answer?.status !== 401) return answer;
    this.token = await this.signIn();
    return call(this.app.url, this.token, request);
  }

  private async signIn(): Promise<string> {
    const credentials = { email: OWNER_EMAIL, password: OWNER_PASSWORD };
    const answer = await this.app.post('/api/auth/login', credentials);
    if (answer && answer.status !== 200) throw new Error(`nobody can sign in: ${answer.text}`);
    const { accessToken = '' }: { accessToken?: string } = JSON.parse(answer?.text ?? '{}');
    return accessToken;
  }
}
