import { brokenInvariants, deadlocksSeen } from '../support/booking-invariants.js';
import { aStaffAccount } from '../support/factories.js';
import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer, type Caller } from '../support/test-app.js';

const ROUNDS = 10;
const NOW = '2030-03-01T14:00:00Z';

/** A free hour of one day, each round on a day of its own. */
const hour = (round: number, index: number) =>
  new Date(Date.parse('2030-03-04T14:00:00Z') + round * 86_400_000 + index * 3_600_000).toISOString();
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

describe('two people change one booking at the same moment', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let staff: Caller;

  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    staff = app.as((await aStaffAccount(app, { role: 'reception' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs(NOW);
    salon = await openSalon(app);
  });

  const booked = async (start: string, among = salon): Promise<string> => {
    const answer = await bookAsGuest(app, among, start);
    if (answer.status !== 201) throw new Error(`no booking: ${answer.text}`);
    return String(answer.body.id);
  };
  const cancel = (id: string) =>
    staff.post(`/admin/bookings/${id}/cancel`, { reason: 'ill', onBehalfOf: 'salon' });
  const move = (id: string, start: string, headers?: Record<string, string>) =>
    staff.put(`/admin/bookings/${id}/reschedule`, { start }, headers);
  const mark = (id: string, how: 'complete' | 'no-show') => staff.post(`/admin/bookings/${id}/${how}`);

  /** 200, or the code of the refusal. */
  const outcomeOf = ({ status, body }: Answer): string => (status < 300 ? String(status) : String(body.code));
  const standing = async (id: string) => {
    const [row] = await app.sql<{ status: string; starts_at: Date; revision: number; history: string[] }>(
      `select status, starts_at, revision, (select array_agg(e.type order by e.id) from booking_event e where e.booking_id = b.id) as history
         from booking b where id = $1`,
      [id],
    );
    if (!row) throw new Error('the booking is gone');
    return { ...row, starts_at: row.starts_at.toISOString() };
  };
  const expectNothingBroken = async () =>
    expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
  /** Either may be sent first; who is first is left to the database. */
  const both = async <A, B>(
    round: number,
    one: () => Promise<A>,
    other: () => Promise<B>,
  ): Promise<[A, B]> => {
    if (round % 2 === 0) return Promise.all([one(), other()]);
    const later = other();
    return Promise.all([one(), later]);
  };

  it('cancelled and moved: it ends cancelled, and a move that came too late says so', async () => {
    for (const round of rounds) {
      const id = await booked(hour(round, 0));
      const [cancelled, moved] = await both(
        round,
        () => cancel(id),
        () => move(id, hour(round, 3)),
      );
      const hasMoved = moved.status === 200;
      expect([outcomeOf(cancelled), outcomeOf(moved)]).toEqual([
        '200',
        hasMoved ? '200' : 'invalid-transition',
      ]);
      expect(await standing(id)).toMatchObject({
        status: 'cancelled',
        revision: hasMoved ? 2 : 1,
        history: ['confirmed', ...(hasMoved ? ['rescheduled'] : []), 'cancelled'],
      });
    }
    await expectNothingBroken();
  });

  it('cancelled while its hold runs out: it ends once, as the one or the other', async () => {
    const paid = await openSalon(app, { paymentPolicy: 'full' });
    for (const round of rounds) {
      await app.timeIs(NOW);
      const id = await booked(hour(round, 0), paid);
      // The end of the hold comes while both are under way.
      await app.sql(
        `update booking set hold_expires_at = app_now() + make_interval(secs => $2) where id = $1`,
        [id, (round - 2) / 1000],
      );
      const [cancelled] = await both(
        round,
        () => cancel(id),
        () => app.sweep(),
      );
      await new Promise((resolve) => setTimeout(resolve, 15));
      await app.sweep();
      const end = cancelled.status === 200 ? 'cancelled' : 'expired';
      expect(outcomeOf(cancelled)).toBe(end === 'cancelled' ? '200' : 'invalid-transition');
      expect(await standing(id)).toMatchObject({ status: end, history: ['held', end] });
    }
    await expectNothingBroken();
  });

  it('moved twice: both moves happen, one after the other, and it stands where the last one put it', async () => {
    for (const round of rounds) {
      const id = await booked(hour(round, 0));
      const targets = [hour(round, 3), hour(round, 5)] as const;
      const answers = await both(
        round,
        () => move(id, targets[0]),
        () => move(id, targets[1]),
      );
      expect(answers.map(outcomeOf)).toEqual(['200', '200']);
      const last = answers[0].body.revision === 3 ? 0 : 1;
      expect(await standing(id)).toEqual({
        status: 'confirmed',
        starts_at: targets[last],
        revision: 3,
        history: ['confirmed', 'rescheduled', 'rescheduled'],
      });
    }
    await expectNothingBroken();
  });

  it('moved twice by people who saw the same version: one of them moves it', async () => {
    for (const round of rounds) {
      const id = await booked(hour(round, 0));
      const seen = { 'if-match': '"1"' };
      const answers = await both(
        round,
        () => move(id, hour(round, 3), seen),
        () => move(id, hour(round, 5), seen),
      );
      expect(answers.map(outcomeOf).toSorted()).toEqual(['200', 'version-mismatch']);
      expect(await standing(id)).toMatchObject({ revision: 2, history: ['confirmed', 'rescheduled'] });
    }
    await expectNothingBroken();
  });

  it('marked as done and as not come: one mark stays', async () => {
    for (const round of rounds) {
      await app.timeIs(NOW);
      const id = await booked(hour(round, 0));
      await app.timeIs(hour(round, 0.2));
      const answers = await both(
        round,
        () => mark(id, 'complete'),
        () => mark(id, 'no-show'),
      );
      expect(answers.map(outcomeOf).toSorted()).toEqual(['200', 'invalid-transition']);
      const end = answers[0].status === 200 ? 'completed' : 'no_show';
      expect(await standing(id)).toMatchObject({ status: end, history: ['confirmed', end] });
    }
    await expectNothingBroken();
  });

  it('moved and marked as done: it is done at its old time, or moved to a time that is yet to come', async () => {
    for (const round of rounds) {
      await app.timeIs(NOW);
      const id = await booked(hour(round, 0));
      await app.timeIs(hour(round, 0.2));
      const [moved, done] = await both(
        round,
        () => move(id, hour(round, 3)),
        () => mark(id, 'complete'),
      );
      expect([moved, done].map(outcomeOf).toSorted()).toEqual(['200', 'invalid-transition']);
      const hasMoved = moved.status === 200;
      expect(await standing(id)).toEqual({
        status: hasMoved ? 'confirmed' : 'completed',
        starts_at: hour(round, hasMoved ? 3 : 0),
        revision: hasMoved ? 2 : 1,
        history: ['confirmed', hasMoved ? 'rescheduled' : 'completed'],
      });
    }
    await expectNothingBroken();
  });

  it('books again while an earlier appointment of the same customer moves: both are done', async () => {
    for (const round of rounds) {
      const id = await booked(hour(round, 0));
      const [{ customer_id: customerId } = {}] = await app.sql<{ customer_id: string }>(
        'select customer_id from booking where id = $1',
        [id],
      );
      const again = { serviceId: salon.serviceId, start: hour(round, 6), customerId };
      const answers = await both(
        round,
        () => move(id, hour(round, 3)),
        () => staff.post('/admin/bookings', again),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 201]);
    }
    await expectNothingBroken();
  });

  it('without a single deadlock', async () => {
    expect(await deadlocksSeen((text, values) => app.sql(text, values))).toBe(0);
  });
});
