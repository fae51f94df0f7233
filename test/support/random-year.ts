import { randomBytes } from 'node:crypto';
import { newId } from '../../src/common/ids.js';
import { RandomBookings, type Offer } from './random-bookings.js';
import { iso, MINUTE, YEAR, type Row } from './random-rows.js';
import { CALENDAR_ID, sessionsOf, talliesOf } from './random-traces.js';
import type { Random } from './random.js';
import type { TestApp } from './test-app.js';

const CHUNK = 2_000;

interface Person {
  id: string;
  isActive: boolean;
}

/**
 * Writes a year of a salon past the app, with everything that its reports count and some that they must not: people who left,
 * services given up, hours of all kinds, money that came back, messages that failed. The same rows for the same seed, ids aside.
 */
export class RandomYear {
  private readonly staff: Person[] = [];
  private readonly services: Offer[] = [];
  private readonly customers: string[] = [];

  constructor(
    private readonly app: TestApp,
    private readonly random: Random,
  ) {}

  async write(bookings: number): Promise<void> {
    await this.people(Math.ceil(bookings / 12) + 5);
    await this.hours();
    await this.awayAndElsewhere();
    await this.traces();
    const each = Math.ceil(bookings / this.staff.length);
    const life = new RandomBookings(this.random, this.services, this.customers);
    for (const { id } of this.staff)
      for (const [table, rows] of Object.entries(life.of(id, each))) await this.insert(table, rows);
    await this.app.sql('analyze');
  }

  private async people(customers: number): Promise<void> {
    const { random } = this;
    for (let at = 0; at < 6; at += 1) {
      this.staff.push({ id: newId(), isActive: at < 5 });
      const minutes = random.pick([30, 45, 60, 90]);
      const price = random.int(20, 200) * 100;
      this.services.push({ id: newId(), minutes, buffer: random.pick([0, 10, 15]), price });
    }
    for (let at = 0; at < customers; at += 1) this.customers.push(newId());
    await this.insert(
      'resource',
      this.staff.map(({ id, isActive }, at) => ({ id, name: `Person ${at}`, active: isActive })),
    );
    await this.insert(
      'service',
      this.services.map(({ id, minutes, price }, at) => ({
        ...{ id, name: `Service ${at}`, duration_minutes: minutes, buffer_before_minutes: 0 },
        ...{ buffer_after_minutes: 0, step_minutes: 15, price_minor: price, currency: 'USD' },
        ...{ payment_policy: 'none', active: at !== 5 },
      })),
    );
    await this.insert(
      'customer',
      this.customers.map((id, at) => ({ id, name: `Customer ${at}`, created_at: iso(YEAR.begins) })),
    );
    await this.insert(
      'opt_out',
      this.customers
        .filter(() => random.next() < 0.2)
        .map(() => ({
          ...{ id: newId(), channel: random.pick(['sms', 'sms', 'email']), source: 'inbound' },
          contact_hash: randomBytes(32).toString('base64url'),
          opted_out_at: iso(this.sometime()),
          lifted_at: random.next() < 0.3 ? iso(YEAR.now) : null,
        })),
    );
  }

  private async hours(): Promise<void> {
    const { random } = this;
    await this.app.sql('delete from weekly_hours');
    const [second, third, fourth] = this.staff.slice(1).map(({ id }) => id);
    const week = (resource: string | null, days: readonly number[], opens: string, closes: string) =>
      days.map((weekday) => ({
        ...{ id: newId(), resource_id: resource, weekday, opens_at: opens, closes_at: closes },
      }));
    await this.insert('weekly_hours', [
      ...week(null, [1, 2, 3, 4, 6], '09:00', '13:00'),
      ...week(null, [1, 2, 3, 4, 6], '14:00', '19:30'),
      // Into Saturday, and a short Sunday in which clocks change.
      ...week(null, [5], '12:00', '02:30'),
      ...week(null, [7], '00:30', '04:00'),
      ...week(second ?? null, [2, 3, 4, 5, 6], '10:00', '21:00'),
      ...week(third ?? null, [5], '20:00', '24:00'),
      ...week(third ?? null, [6, 7], '00:00', '11:00'),
    ]);
    const dates = new Set(Array.from({ length: 12 }, () => iso(this.sometime()).slice(0, 10)));
    const intervals = () =>
      random.pick([[], [{ from: '11:00', to: '16:30' }], [{ from: '22:00', to: '03:00' }]]);
    await this.insert(
      'hours_exception',
      [...dates].flatMap((date) =>
        [null, fourth ?? null]
          .filter((_, at) => at === 0 || random.next() < 0.5)
          .map((resource) => ({ id: newId(), resource_id: resource, date, intervals: intervals() })),
      ),
    );
  }

  private async awayAndElsewhere(): Promise<void> {
    const { random } = this;
    const stretch = (longest: number) => {
      const start = this.sometime();
      return { starts_at: iso(start), ends_at: iso(start + random.int(1, longest) * 15 * MINUTE) };
    };
    const sources = [
      ...this.staff.map(({ id }) => ({ id: newId(), resource_id: id })),
      { id: newId(), resource_id: null },
    ];
    await this.insert('busy_source', sources);
    await this.insert(
      'time_off',
      this.staff.flatMap(({ id }) =>
        Array.from({ length: 20 }, () => ({ id: newId(), resource_id: id, ...stretch(400) })),
      ),
    );
    await this.insert(
      'external_busy',
      sources.flatMap((source) =>
        Array.from({ length: 60 }, () => ({
          ...{ source_id: source.id, resource_id: source.resource_id, event_id: newId(), etag: 'x' },
          ...{ generation: 0, ...stretch(12) },
        })),
      ),
    );
  }

  private async traces(): Promise<void> {
    const connection = newId();
    await this.insert('calendar_connection', [{ id: connection, source: 'environment', state: 'ok' }]);
    await this.insert('calendar', [
      { id: CALENDAR_ID, connection_id: connection, google_id: 'salon', generation: 0 },
    ]);
    await this.insert('session', sessionsOf(this.random, this.customers));
    await this.insert('request_tally', talliesOf(this.random, YEAR.begins, YEAR.now));
  }

  private sometime(): number {
    const minutes = (YEAR.ends - YEAR.begins) / MINUTE / 15;
    return YEAR.begins + this.random.int(0, minutes) * 15 * MINUTE;
  }

  private async insert(table: string, rows: readonly Row[]): Promise<void> {
    for (let from = 0; from < rows.length; from += CHUNK) {
      const part = rows.slice(from, from + CHUNK);
      const columns = Object.keys(part[0] ?? {}).join(', ');
      await this.app.sql(
        `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
        [JSON.stringify(part)],
      );
    }
  }
}
