import { brokenInvariants } from '../support/booking-invariants.js';
import { signInBy } from '../support/codes.js';
import { aPhone } from '../support/factories.js';
import { openSalon } from '../support/salon.js';
import { TestApp, type Answer } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

/** Half-hour starts from Monday on, 18 a day. */
const startOf = (index: number) =>
  new Date(
    Date.parse('2030-03-04T14:00:00Z') + Math.floor(index / 18) * 86_400_000 + (index % 18) * 1_800_000,
  ).toISOString();

describe('a signed-in customer books', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sandbox.config({ stepMs: 1 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  const somebody = async () => {
    const { id, token } = await signInBy(app, 'sms', aPhone(), 'Ada');
    return { id, caller: app.as(token) };
  };
  const outcome = ({ status, body }: Answer) => (status < 300 ? String(status) : String(body.code));
  const tally = (answers: readonly Answer[]) =>
    Object.fromEntries([...Map.groupBy(answers, outcome)].map(([name, of]) => [name, of.length]));

  it('with nine active and two hundred tries at once: exactly one more, and the rest are told which ten', async () => {
    const { serviceId } = await openSalon(app, { staff: 2 });
    const { id, caller } = await somebody();
    const book = (index: number) =>
      caller.post(
        '/api/bookings',
        { serviceId, start: startOf(index % 60) },
        { 'idempotency-key': `${id}-${index}` },
      );
    for (let index = 0; index < 9; index += 1) expect((await book(index)).status).toBe(201);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => book(20 + index)));
    expect(tally(answers)).toEqual({ 201: 1, 'active-booking-limit': 199 });
    const mine = await app.sql<{ id: string }>(
      'select id from booking where customer_id = $1 order by starts_at',
      [id],
    );
    const [refused] = answers.filter(({ status }) => status === 409);
    expect(refused?.body.active).toEqual(mine.map((row) => row.id));
    expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
  });

  it('the same twice by a slip of the finger: twenty at once are one booking, told to all of them', async () => {
    const { serviceId } = await openSalon(app, { staff: 3 });
    const { id, caller } = await somebody();
    const wish = { serviceId, start: startOf(0) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => caller.post('/api/bookings', wish)));
    expect(tally(answers)).toEqual({ 200: 19, 201: 1 });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await app.sql('select 1 from booking where customer_id = $1', [id])).toHaveLength(1);
  });

  it('the same twice on purpose: with a key each, or two minutes later, it is another booking', async () => {
    const { serviceId } = await openSalon(app, { staff: 3 });
    const { caller } = await somebody();
    const wish = { serviceId, start: startOf(0) };
    const first = await caller.post('/api/bookings', wish);
    const keyed = await caller.post('/api/bookings', wish, { 'idempotency-key': `second-${first.body.id}` });
    await app.timeIs('2030-03-01T14:02:30Z');
    const later = await caller.post('/api/bookings', wish);
    expect([first.status, keyed.status, later.status]).toEqual([201, 201, 201]);
    expect(new Set([first, keyed, later].map(({ body }) => body.id)).size).toBe(3);
  });

  it('the same again once the first is cancelled: it is a new booking', async () => {
    const { serviceId } = await openSalon(app);
    const { caller } = await somebody();
    const wish = { serviceId, start: startOf(0) };
    const first = await caller.post('/api/bookings', wish);
    await caller.post(`/api/bookings/${first.body.id}/cancel`);
    const second = await caller.post('/api/bookings', wish);
    expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
  });

  it('with one key a hundred times at once: one effect, and answers that are the same or say that it runs', async () => {
    const { serviceId } = await openSalon(app, { staff: 3 });
    const { id, caller } = await somebody();
    const wish = { serviceId, start: startOf(0) };
    const key = { 'idempotency-key': `book-${id}` };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => caller.post('/api/bookings', wish, key)),
    );
    const { 201: made = 0, 'idempotency-in-progress': running = 0 } = tally(answers);
    expect([made >= 1, made + running]).toEqual([true, 100]);
    const again = [
      await caller.post('/api/bookings', wish, key),
      await caller.post('/api/bookings', wish, key),
    ];
    const texts = new Set(
      [...answers, ...again].filter(({ status }) => status === 201).map(({ text }) => text),
    );
    expect([texts.size, again.every(({ status }) => status === 201)]).toEqual([1, true]);
    expect(await app.sql('select 1 from booking where customer_id = $1', [id])).toHaveLength(1);
  });
});
