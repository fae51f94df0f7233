import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { PaymentTasks, type NewPaymentTask } from '../../src/payments/payment-tasks.service.js';
import { auditActionsOf } from '../support/audit-trail.js';
import { aBooking, aStaffAccount, type SignedIn } from '../support/factories.js';
import { aPayment, aPaymentTask, aRefund } from '../support/payment-rows.js';
import { TestApp, type Caller } from '../support/test-app.js';

describe('what about money waits for a person', () => {
  let app: TestApp;
  let account: SignedIn;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    account = await aStaffAccount(app, { role: 'manager' });
    manager = app.as(account.token);
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T14:00:00Z'));

  const failed = (subject: string): NewPaymentTask => ({
    ...{ kind: 'refund-failed', subject, bookingId: newId(), paymentId: newId(), refundId: newId() },
    ...{ detail: 'The refund of $85.00 failed: expired_or_canceled_card.', decidesAt: null },
  });
  const open = (task: NewPaymentTask) =>
    app.get(Database).transact(WORKER, (em, now) => app.get(PaymentTasks).open(em, task, now));

  it('is opened once for one thing, however often and by however many it is found', async () => {
    const task = failed(`refund:${newId()}`);

    const [first, ...others] = await Promise.all([open(task), open(task), open(task)]);

    expect(new Set(others.map(({ id }) => id))).toEqual(new Set([first?.id]));
    expect((await manager.get('/admin/payments/tasks')).body.data[0]).toEqual({
      ...{ id: first?.id, kind: 'refund-failed', state: 'open', detail: task.detail },
      ...{ bookingId: task.bookingId, paymentId: task.paymentId, refundId: task.refundId },
      ...{ openedAt: expect.stringContaining('2030-03-01T14:00'), decidesAt: null },
      ...{ doneAt: null, doneBy: null, outcome: null },
    });
    await manager.post(`/admin/payments/tasks/${first?.id}/done`);
    expect((await open(task)).state).toBe('done');
  });

  it('keeps the beginning of a detail that is too long', async () => {
    const { detail } = await open({ ...failed(`refund:${newId()}`), detail: 'x'.repeat(900) });
    expect(detail).toBe('x'.repeat(500));
  });

  it('is ticked off once, by somebody whose name stays with it', async () => {
    const id = await aPaymentTask(app, { kind: 'refund-by-hand' });

    const done = await manager.post(`/admin/payments/tasks/${id}/done`, { outcome: 'given back in cash' });
    const again = await manager.post(`/admin/payments/tasks/${id}/done`);

    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ state: 'done', doneBy: account.id, outcome: 'given back in cash' });
    expect(done.body.doneAt).toContain('2030-03-01T14:00');
    expect([again.status, again.body.code]).toEqual([409, 'invalid-transition']);
    expect(await auditActionsOf(app, id)).toEqual(['payment-task.done']);
  });

  it('settles a refund that was given by hand, and tells of it once', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-04T09:00:00-05:00' });
    const paymentId = await aPayment(app, { bookingId: booking.id, provider: 'cash', refundedMinor: 500 });
    const refundId = await aRefund(app, { paymentId, state: 'requested' });
    const id = await aPaymentTask(app, { kind: 'refund-by-hand', paymentId, refundId });

    await manager.post(`/admin/payments/tasks/${id}/done`, { outcome: 'given back in cash' });

    const { refunds } = (await manager.get(`/admin/payments/${paymentId}`)).body;
    expect(refunds).toMatchObject([{ id: refundId, status: 'succeeded', settledAt: expect.any(String) }]);
    const told = await app.sql(
      `select distinct dedupe_key from outbox_message where topic = 'refund.settled' and payload->>'refundId' = $1`,
      [refundId],
    );
    expect(told).not.toEqual([]);
  });

  it('needs a decision, not a tick, where money does not fit', async () => {
    const id = await aPaymentTask(app, { kind: 'mismatch' });
    const answer = await manager.post(`/admin/payments/tasks/${id}/done`);
    expect([answer.status, answer.body.code]).toEqual([409, 'invalid-transition']);
    const { data } = (await manager.get('/admin/payments/tasks?state=open')).body;
    expect(data.map((task: { id: string }) => task.id)).toContain(id);
  });

  it('is listed newest first, page by page, by state', async () => {
    await app.sql('delete from payment_task');
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1)
      made.push(await aPaymentTask(app, { state: index === 2 ? 'done' : 'open' }));
    const first = await manager.get('/admin/payments/tasks?limit=3&state=open');
    const second = await manager.get(
      `/admin/payments/tasks?limit=3&state=open&cursor=${first.body.page.nextCursor}`,
    );
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([4, 3, 1, 0].map((index) => made[index]));
    expect(second.body.page).toEqual({ nextCursor: null, hasMore: false });
    const done = await manager.get('/admin/payments/tasks?state=done');
    expect(done.body.data.map(({ id }: { id: string }) => id)).toEqual([made[2]]);
  });

  it('is for managers, and not found where it never was', async () => {
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const id = await aPaymentTask(app);
    const answers = [
      await reception.get('/admin/payments/tasks'),
      await reception.post(`/admin/payments/tasks/${id}/done`),
      await manager.post(`/admin/payments/tasks/${newId()}/done`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404]);
  });
});
