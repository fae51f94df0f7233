import type { Failpoint } from '../../src/common/failpoint.js';
import type { CrashApp } from './crash-app.js';
import { aPhone } from './factories.js';
import { openSalon } from './salon.js';
import { waitFor } from './test-app.js';
import { asOwner, type TestDatabase } from './test-database.js';

/** Every named place around a call to the payment provider. */
export const PAYMENT_FAILPOINTS = [
  'payment.before-create',
  'payment.after-create',
  'payment.before-settle',
  'refund.before-call',
  'refund.after-call',
  'refund.before-settle',
] as const satisfies readonly Failpoint[];

const PRICE = 8500;

interface Answer {
  [name: string]: unknown;
  id?: string;
  manageToken?: string;
  accessToken?: string;
}

/** A salon whose app is killed while customers pay and cancel; the customers ask again until they are answered. */
export class PaymentCrashTrials {
  private starts: string[] = [];
  private serviceId = '';

  constructor(
    private readonly app: CrashApp,
    private readonly database: TestDatabase,
  ) {}

  async open(): Promise<void> {
    const { serviceId } = await openSalon(
      { sql: (text, values) => asOwner(this.database, text, values) },
      { staff: 3 },
    );
    this.serviceId = serviceId;
    await this.sql(`update service set payment_policy = 'full', price_minor = $2 where id = $1`, [
      serviceId,
      PRICE,
    ]);
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const response = await fetch(
      `${this.app.url}/api/slots?serviceId=${serviceId}&from=${day(3)}&to=${day(12)}`,
    );
    const slots: { days: { slots: { start: string }[] }[] } = JSON.parse(await response.text());
    this.starts = slots.days.flatMap((of) => of.slots.map(({ start }) => start));
  }

  /**
   * Books, pays, cancels: the app dies at the place on the way, and is started again. Answers what is wrong in the end, in
   * words. Throws when it did not die.
   */
  async run(point: Failpoint): Promise<string[]> {
    const booking = await this.ask('/api/bookings', {
      serviceId: this.serviceId,
      start: this.starts.shift(),
      customer: { name: 'Ada Lovelace', phone: aPhone() },
    });
    const id = String(booking.id);
    const session = await this.ask('/api/manage/session', { token: booking.manageToken });
    const guest = { authorization: `Bearer ${session.accessToken}` };
    await this.app.arm(point);
    await this.ask(`/api/bookings/${id}/payment`, undefined, guest);
    await (await this.app.sandbox()).pay({ bookingId: id });
    await this.until(id, `status = 'confirmed' and paid_minor = ${PRICE}`);
    await this.ask(`/api/bookings/${id}/cancel`, {}, guest);
    await this.until(
      id,
      `refunded_minor = ${PRICE} and exists (select 1 from refund r where r.booking_id = b.id and r.state = 'succeeded')`,
    );
    if (this.deaths === 0) throw new Error(`it never passed ${point}`);
    this.deaths = 0;
    return this.faults(id);
  }

  private deaths = 0;

  /** Repeats a request until it is answered, and starts the app again when it was killed over it. */
  private async ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    for (;;) {
      const answer = await this.app.post(path, body, headers);
      await this.revive();
      if (!answer) continue;
      if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
      return JSON.parse(answer.text);
    }
  }

  private async revive(): Promise<void> {
    if (this.app.isAlive()) return;
    if (this.app.endedBy !== 'SIGKILL')
      throw new Error(`it ended by ${this.app.endedBy}: ${this.app.output}`);
    this.deaths += 1;
    await this.app.restart();
  }

  private async until(id: string, holds: string): Promise<void> {
    await waitFor(async () => {
      await this.revive();
      return (await this.sql(`select 1 from booking b where id = $1 and ${holds}`, [id])).length === 1;
    }, 45_000);
  }

  private async faults(id: string): Promise<string[]> {
    const [books] = await this.sql<{ payments: number; refunds: number; receipts: number; dead: number }>(
      `select (select count(*)::int from payment where booking_id = $1) as payments,
              (select count(*)::int from refund where booking_id = $1) as refunds,
              (select count(*)::int from receipt where booking_id = $1) as receipts,
              (select count(*)::int from outbox_message where state = 'dead') as dead`,
      [id],
    );
    const { payments } = await (await this.app.sandbox()).state();
    const at = payments.filter(({ metadata }) => metadata['bookingId'] === id);
    const charged = at.filter(({ status }) => status === 'succeeded');
    const expected = { payments: 1, refunds: 1, receipts: 1, dead: 0 };
    return [
      ...(JSON.stringify(books) === JSON.stringify(expected)
        ? []
        : [`the books hold ${JSON.stringify(books)}`]),
      ...(charged.length === 1 && at.length === 1
        ? []
        : [`${at.length} payments at the provider, ${charged.length} charged`]),
      ...(charged[0]?.refunded === PRICE ? [] : [`the provider gave back ${charged[0]?.refunded}`]),
    ];
  }

  private sql<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return asOwner<Row>(this.database, text, values);
  }
}
