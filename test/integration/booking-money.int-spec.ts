import { setTimeout as pause } from 'node:timers/promises';
import { WORKER } from '../../src/common/actor.js';
import { BookingMoney, type Received } from '../../src/bookings/booking-money.service.js';
import { Database } from '../../src/database/database.service.js';
import { brokenInvariants, deadlocksSeen } from '../support/booking-invariants.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer } from '../support/test-app.js';
import { newId } from '../../src/common/ids.js';

const PRICE = 8500;
const ROUNDS = 30;
const FRIDAY = Date.parse('2030-03-01T14:00:00Z'); // 09:00 in New York
const MONDAY = Date.parse('2030-03-04T14:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const minutes = (count: number) => count * 60_000;

describe('money that comes in for a booking', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => (app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } })));
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs(iso(FRIDAY));
    salon = await openSalon(app, { paymentPolicy: 'full' });
  });
  afterEach(async () => {
    const broken = await brokenInvariants((text, values) => app.sql(text, values));
    if (broken.length > 0) throw new Error(broken.join('\n'));
  });

  /** The hold lasts ten minutes. */
  const held = async (start = iso(MONDAY), among = salon): Promise<Answer> => {
    const answer = await bookAsGuest(app, among, start);
    if (answer.status !== 201) throw new Error(`no booking: ${answer.text}`);
    return answer;
  };
  const aHold = async () => String((await held()).body.id);
  const holdsEnd = () => app.timeIs(iso(FRIDAY + minutes(15)));
  const receive = (id: string, amountMinor = PRICE): Promise<Received> =>
    app.get(Database).transact(WORKER, async (em, now) => {
      const money = app.get(BookingMoney);
      return money.receive(em, WORKER, await money.lock(em, id), amountMinor, now);
    });
  const standing = async (id: string) => {
    const [row] = await app.sql(
      `select status, paid_minor as paid, hold_expires_at is null as firm,
         (select count(*)::int from allocation a where a.booking_id = b.id and a.active and a.held_until is null) as times,
         (select array_agg(e.type order by e.id) from booking_event e where e.booking_id = b.id) as history,
         (select count(*)::int from outbox_message o where o.topic = 'booking.confirmed' and o.handler = 'messaging.plan' and o.payload->>'bookingId' = b.id::text) as told
         from booking b where id = $1`,
      [id],
    );
    return row;
  };
  const isConfirmed = { status: 'confirmed', paid: PRICE, firm: true, times: 1, told: 1 };
  const isLate = { outcome: 'late', surplusMinor: 0 };

  it('makes a hold an appointment', async () => {
    const id = await aHold();
    expect(await receive(id)).toEqual({ outcome: 'confirmed', surplusMinor: 0 });
    expect(await standing(id)).toEqual({ ...isConfirmed, history: ['held', 'confirmed'] });
  });

  it('in parts counts until the last of them confirms', async () => {
    const id = await aHold();
    expect(await receive(id, 3000)).toEqual({ outcome: 'counted', surplusMinor: 0 });
    expect(await standing(id)).toMatchObject({ status: 'held', paid: 3000, told: 0 });
    expect((await receive(id, 5500)).outcome).toBe('confirmed');
    expect(await standing(id)).toMatchObject(isConfirmed);
  });

  it.each([
    ['not swept yet', async (): Promise<void> => undefined, ['held', 'confirmed']],
    ['swept', async (): Promise<void> => app.sweep(), ['held', 'expired', 'confirmed']],
  ] as const)(
    'after the hold, %s and its time still free, takes the time again',
    async (_, passes, history) => {
      const id = await aHold();
      await holdsEnd();
      await passes();
      expect(await receive(id)).toEqual({ outcome: 'confirmed', surplusMinor: 0 });
      expect(await standing(id)).toEqual({ ...isConfirmed, history });
      expect((await bookAsGuest(app, salon, iso(MONDAY))).body.code).toBe('slot-unavailable');
    },
  );

  it('after the hold is late once somebody else has the time, and leaves it to them', async () => {
    const id = await aHold();
    await holdsEnd();
    const other = String((await held()).body.id);
    expect(await receive(id)).toEqual(isLate);
    expect(await standing(id)).toMatchObject({ paid: PRICE, times: 0, told: 0 });
    expect((await receive(other)).outcome).toBe('confirmed');
    expect(await standing(other)).toMatchObject(isConfirmed);
  });

  it('after the hold is late when the person has taken the time off', async () => {
    const id = await aHold();
    await holdsEnd();
    await app.sweep();
    await app.sql(
      `insert into time_off (id, resource_id, starts_at, ends_at, reason, created_at) values ($1, $2, $3, $4, 'dentist', now())`,
      [newId(), salon.staffIds[0], iso(MONDAY - minutes(30)), iso(MONDAY + minutes(15))],
    );
    expect(await receive(id)).toEqual(isLate);
  });

  it('after the hold is late when it is only a part of what is due', async () => {
    const id = await aHold();
    await holdsEnd();
    expect(await receive(id, PRICE - 1)).toEqual(isLate);
  });

  it.each([
    ['not swept yet', async (): Promise<void> => undefined],
    ['swept', async (): Promise<void> => app.sweep()],
  ] as const)(
    'is late from the start of the appointment on, %s, though the time is free',
    async (_, passes) => {
      const [atStart, before] = [await aHold(), String((await held(iso(MONDAY + minutes(60)))).body.id)];
      await app.timeIs(iso(MONDAY + 1_000));
      await passes();
      expect(await receive(atStart)).toEqual(isLate);
      expect((await receive(before)).outcome).toBe('confirmed');
    },
  );

  it('is late for what was cancelled, and changes nothing of that', async () => {
    const booking = await held();
    const guest = await asGuestOf(app, booking);
    await guest.post(`/api/bookings/${booking.body.id}/cancel`);
    expect(await receive(booking.body.id)).toEqual(isLate);
    expect(await standing(booking.body.id)).toMatchObject({
      ...{ status: 'cancelled', paid: PRICE, times: 0, history: ['held', 'cancelled'] },
    });
  });

  it('beyond the price is told apart from what counts', async () => {
    const id = await aHold();
    expect(await receive(id, PRICE + 1500)).toEqual({ outcome: 'confirmed', surplusMinor: 1500 });
    expect(await receive(id, 700)).toEqual({ outcome: 'counted', surplusMinor: 700 });
    expect(await standing(id)).toMatchObject({ ...isConfirmed, paid: PRICE + 2200 });
  });

  it('for an appointment that nothing was due for counts', async () => {
    const free = await openSalon(app, { paymentPolicy: 'none' });
    const id = String((await held(iso(MONDAY), free)).body.id);
    expect(await receive(id)).toEqual({ outcome: 'counted', surplusMinor: 0 });
    expect(await standing(id)).toMatchObject({ status: 'confirmed', paid: PRICE, history: ['confirmed'] });
  });

  it('and a visitor who wants the freed time: one of the two has it, thirty times over', async () => {
    const start = (round: number) =>
      iso(MONDAY + minutes(24 * 60 * Math.floor(round / 15) + 30 * (round % 15)));
    const ids: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) ids.push(String((await held(start(round))).body.id));
    await holdsEnd();
    const outcomes: string[] = [];
    for (const [round, id] of ids.entries()) {
      if (round === ROUNDS / 2) await app.sweep();
      // From neck and neck to a clear lead, so that each of the two wins somewhere, on a fast machine and a slow one.
      const lead = pause(2 * (round % 15));
      const isMoneyFirst = round % 2 === 0;
      const [received, booked] = await Promise.all([
        (isMoneyFirst ? Promise.resolve() : lead).then(() => receive(id)),
        (isMoneyFirst ? lead : Promise.resolve()).then(() => bookAsGuest(app, salon, start(round))),
      ]);
      outcomes.push(received.outcome);
      expect([received.outcome, booked.status]).toEqual(
        received.outcome === 'confirmed' ? ['confirmed', 409] : ['late', 201],
      );
    }
    expect(new Set(outcomes).size).toBe(2);
    expect(await deadlocksSeen((text, values) => app.sql(text, values))).toBe(0);
  }, 60_000);
});
