import { WORKER, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { violates } from '../../src/database/errors.js';
import { Payment } from '../../src/payments/entities/payment.entity.js';
import { Receipt } from '../../src/payments/entities/receipt.entity.js';
import { Refund } from '../../src/payments/entities/refund.entity.js';
import { aCustomerActor } from '../support/factories.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

type Row = Record<string, unknown>;

const at = '2030-03-01T14:00:00Z';
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Goes past every service: what must never be, the database itself refuses, by the rule's name. */
describe('the database', () => {
  let bare: BareDatabase;
  const ids = { customer: newId(), other: newId(), service: newId(), resource: newId() };
  beforeAll(async () => {
    bare = await bareDatabase();
    await insert('business', { name: 'Salon', time_zone: 'UTC', currency: 'USD' });
    for (const id of [ids.customer, ids.other]) await insert('customer', { id, name: 'Ada' });
    const service = { name: 'Cut', duration_minutes: 30, price_minor: 8500, currency: 'USD' };
    await insert('service', { id: ids.service, ...service });
    await insert('resource', { id: ids.resource, name: 'Anna' });
  });
  afterAll(() => bare.close());

  const insert = async (table: string, row: Row) => {
    const whole: Row = { id: newId(), ...row };
    const places = Object.keys(whole).map((_, index) => `$${index + 1}`);
    await bare.sql(
      `insert into ${table} (${Object.keys(whole).join(', ')}) values (${places.join(', ')})`,
      Object.values(whole),
    );
    return String(whole['id']);
  };
  let bookings = 0;
  const aBooking = (change: Row = {}) => {
    bookings += 1;
    const place = { customer_id: ids.customer, service_id: ids.service, resource_id: ids.resource };
    return insert('booking', {
      reference: `AAAA${LETTERS[Math.floor(bookings / 24)]}${LETTERS[bookings % 24]}`,
      ...{ ...place, service_name: 'Cut', starts_at: at, ends_at: '2030-03-01T14:30:00Z' },
      ...{ status: 'held', hold_expires_at: at, source: 'public', total_minor: 8500, currency: 'USD' },
      ...{ due_to_confirm_minor: 8500, payment_policy: 'full', policy_snapshot: '{}' },
      ...{ reference_start: at, created_at: at, ...change },
    });
  };
  const owned = async (change: Row) => ({
    booking_id: change['booking_id'] ?? (await aBooking()),
    customer_id: ids.customer,
  });
  const aPayment = async (change: Row = {}) =>
    insert('payment', {
      ...(await owned(change)),
      ...{ purpose: 'full', provider: 'stripe', way: 'intent', amount_minor: 8500, currency: 'USD' },
      ...{ state: 'open', created_at: at, asked_at: at, ...change },
    });
  const paid = { state: 'succeeded', settled_at: at };
  const aRefund = async (change: Row = {}) => {
    const own = await owned(change);
    return insert('refund', {
      ...{ payment_id: change['payment_id'] ?? (await aPayment({ ...own, ...paid })), ...own },
      ...{ cause: 'excess', amount_minor: 500, currency: 'USD', requested_at: at, ...change },
    });
  };
  let receipts = 0;
  const aReceipt = async (change: Row = {}) => {
    receipts += 1;
    const own = await owned(change);
    return insert('receipt', {
      ...{ payment_id: change['payment_id'] ?? (await aPayment({ ...own, ...paid })), ...own },
      ...{ number: receipts, amount_minor: 8500, currency: 'USD', facts: '{}', issued_at: at, ...change },
    });
  };
  const aTask = (change: Row = {}) =>
    insert('payment_task', {
      ...{ kind: 'drift', subject: newId(), detail: 'They say another sum.', opened_at: at, ...change },
    });
  const refusedBy = async (rule: string, attempt: Promise<unknown>) => {
    const error = await attempt.then(
      () => null,
      (failure: unknown) => failure,
    );
    const told = error instanceof Error ? error.message : error;
    expect({ rule, refused: violates(error, rule), told }).toMatchObject({ refused: true });
  };

  describe('refuses', () => {
    it.each<[rule: string, change: Row]>([
      ['payment_amount_positive', { amount_minor: 0 }],
      ['payment_amount_positive', { amount_minor: -8500 }],
      ['payment_refunds_within_amount', { ...paid, refunded_minor: 8501 }],
      ['payment_refunds_within_amount', { ...paid, refunded_minor: -1 }],
      [
        'payment_refunds_within_amount',
        { ...paid, strange_minor: 8000, strange_currency: 'EUR', refunded_minor: 8001 },
      ],
      ['payment_settled_has_its_time', { state: 'succeeded' }],
      ['payment_settled_has_its_time', { settled_at: at }],
      ['payment_settled_has_its_time', { state: 'quarantined', settled_at: at }],
      ['payment_refunds_only_what_came', { refunded_minor: 1 }],
      ['payment_refunds_only_what_came', { state: 'canceled', refunded_minor: 1 }],
      ['payment_at_the_salon_is_settled', { provider: 'cash', way: null }],
      ['payment_at_the_salon_is_settled', { provider: 'terminal', way: 'intent', ...paid }],
      ['payment_at_the_salon_is_settled', { way: null }],
      ['payment_strange_money_is_told_whole', { strange_minor: 100 }],
      ['payment_strange_money_is_told_whole', { strange_currency: 'EUR' }],
      ['payment_surplus_came', { surplus: true }],
      ['payment_dispute_has_its_time', { dispute_state: 'open' }],
      ['payment_dispute_has_its_time', { disputed_at: '2030-03-01T15:00:00Z' }],
      ['payment_dispute_state_check', { dispute_state: 'maybe', disputed_at: '2030-03-01T15:00:00Z' }],
      ['payment_purpose_check', { purpose: 'tip' }],
      ['payment_provider_check', { provider: 'barter', way: null, ...paid }],
      ['payment_way_check', { way: 'fax' }],
      ['payment_state_check', { state: 'maybe' }],
      ['payment_booking_id_foreign', { booking_id: newId() }],
      ['payment_customer_id_foreign', { customer_id: newId() }],
    ])('a payment against %s: %j', (rule, change) => refusedBy(rule, aPayment(change)));

    it('two payments of a booking that count for one purpose, and two that wait to be paid', async () => {
      const booking = { booking_id: await aBooking() };
      await aPayment(booking);
      await refusedBy('payment_one_open_per_purpose', aPayment({ ...booking, state: 'processing' }));
      await aPayment({ ...booking, purpose: 'balance' });
      await aPayment({ ...booking, state: 'canceled' });

      await aPayment({ ...booking, ...paid });
      const again = { ...booking, ...paid, provider: 'cash', way: null };
      await refusedBy('payment_one_succeeded_per_purpose', aPayment(again));
      await aPayment({ ...again, surplus: true });
      await aPayment({ ...again, purpose: 'balance' });
      await aPayment({ ...again, purpose: 'balance' }); // a price may rise twice
    });

    it('one intent or session of the provider for two payments', async () => {
      await aPayment({ intent_id: 'pi_1', session_id: 'cs_1' });
      await refusedBy('payment_intent_unique', aPayment({ intent_id: 'pi_1' }));
      await refusedBy('payment_session_unique', aPayment({ session_id: 'cs_1' }));
    });

    it.each<[rule: string, change: Row]>([
      ['refund_amount_positive', { amount_minor: 0 }],
      ['refund_in_parts_is_by_staff', { cause_key: 'a part' }],
      ['refund_in_parts_is_by_staff', { cause: 'staff' }],
      ['refund_final_has_its_time', { state: 'succeeded' }],
      ['refund_final_has_its_time', { state: 'failed' }],
      ['refund_final_has_its_time', { state: 'pending', settled_at: at }],
      ['refund_cause_check', { cause: 'whim' }],
      ['refund_state_check', { state: 'maybe' }],
      ['refund_payment_id_foreign', { payment_id: newId() }],
      ['refund_customer_id_foreign', { customer_id: newId() }],
    ])('a refund against %s: %j', (rule, change) => refusedBy(rule, aRefund(change)));

    it('a refund for no booking, a second one for the same cause, and one of the provider’s for two of ours', async () => {
      const payment_id = await aPayment(paid);
      await refusedBy('refund_booking_id_foreign', aRefund({ payment_id, booking_id: newId() }));
      await aRefund({ payment_id, provider_id: 're_1' });
      await refusedBy('refund_once_per_cause', aRefund({ payment_id }));
      await refusedBy('refund_provider_id_unique', aRefund({ provider_id: 're_1' }));
      await aRefund({ payment_id, cause: 'staff', cause_key: 'first' });
      await aRefund({ payment_id, cause: 'staff', cause_key: 'second' });
      await refusedBy('refund_once_per_cause', aRefund({ payment_id, cause: 'staff', cause_key: 'first' }));
    });

    it('a number of a receipt twice, a second receipt of a payment, a number before the first, and one of nothing', async () => {
      const payment_id = await aPayment(paid);
      await aReceipt({ number: 1_000, payment_id });
      await refusedBy('receipt_number_unique', aReceipt({ number: 1_000 }));
      await refusedBy('receipt_one_per_payment', aReceipt({ payment_id }));
      await refusedBy('receipt_number_counts_from_one', aReceipt({ number: 0 }));
      await refusedBy('receipt_payment_id_foreign', aReceipt({ payment_id: newId() }));
      const another = await aPayment(paid);
      await refusedBy('receipt_booking_id_foreign', aReceipt({ payment_id: another, booking_id: newId() }));
      await refusedBy('receipt_customer_id_foreign', aReceipt({ customer_id: newId() }));
    });

    it('to forget a payment that was given back or has its receipt', async () => {
      const [refunded, receipted] = [await aPayment(paid), await aPayment(paid)];
      await aRefund({ payment_id: refunded });
      await aReceipt({ payment_id: receipted });
      const forget = (id: string) => bare.sql('delete from payment where id = $1', [id]);
      await refusedBy('refund_payment_id_foreign', forget(refunded));
      await refusedBy('receipt_payment_id_foreign', forget(receipted));
    });

    it('a task twice for one thing, one that ended at no time, and kinds and states that nobody knows', async () => {
      await aTask({ subject: 'refund:1' });
      await refusedBy('payment_task_once_per_subject', aTask({ subject: 'refund:1' }));
      await refusedBy('payment_task_done_has_its_time', aTask({ state: 'done' }));
      await refusedBy('payment_task_done_has_its_time', aTask({ done_at: at }));
      await refusedBy('payment_task_kind_check', aTask({ kind: 'mood' }));
      await refusedBy('payment_task_state_check', aTask({ state: 'maybe' }));
    });

    it('a booking that gives back more than was paid, and what no provider says', async () => {
      await refusedBy('booking_refund_within_what_is_paid', aBooking({ cancel_refund_minor: 1 }));
      await refusedBy('booking_refund_within_what_is_paid', aBooking({ cancel_refund_minor: -1 }));
      await aBooking({ paid_minor: 8500, cancel_refund_minor: 8500 });
      await refusedBy('booking_payment_signal_check', aBooking({ payment_signal: 'fine' }));
    });
  });

  it.each(['payment', 'refund'])(
    'the amount of a %s never changes, and its currency neither',
    async (table) => {
      for (const change of ['amount_minor = amount_minor + 1', `currency = 'EUR'`])
        await expect(bare.sql(`update ${table} set ${change}`)).rejects.toThrow('an amount never changes');
    },
  );

  describe('shows money to', () => {
    let mine: { booking: string; payment: string };
    let theirs: { booking: string; payment: string };
    beforeAll(async () => {
      const both = [ids.customer, ids.other].map(async (customer_id) => {
        const booking = await aBooking({ customer_id });
        const own = { booking_id: booking, customer_id };
        const payment = await aPayment({ ...own, ...paid, purpose: 'balance' });
        await aRefund({ ...own, payment_id: payment });
        await aReceipt({ ...own, payment_id: payment, number: customer_id === ids.other ? 2_001 : 2_000 });
        return { booking, payment };
      });
      const [first, second] = await Promise.all(both);
      if (!first || !second) throw new Error('two were made');
      [mine, theirs] = [first, second];
    });

    const seenBy = (actor: Actor) =>
      bare.database.transact(actor, async (em) => {
        const payments = { $in: [mine.payment, theirs.payment] };
        const found = [
          (await em.find(Payment, { id: payments })).map(({ id }) => id),
          (await em.find(Refund, { paymentId: payments })).map(({ paymentId }) => paymentId),
          (await em.find(Receipt, { paymentId: payments })).map(({ paymentId }) => paymentId),
        ];
        return found.map((list) => list.toSorted());
      });
    const sessionId = newId();
    const thrice = (...payments: string[]) => [payments, payments, payments].map((list) => list.toSorted());

    it('its customer, whoever else asks without a word about whose it is', async () => {
      const customer = aCustomerActor(ids.customer);
      expect(await seenBy(customer)).toEqual(thrice(mine.payment));
    });

    it('the guest of its booking', async () => {
      const guest = { kind: 'guest', bookingId: theirs.booking, sessionId } as const;
      expect(await seenBy(guest)).toEqual(thrice(theirs.payment));
    });

    it('the system, and to nobody in particular nothing', async () => {
      expect(await seenBy(WORKER)).toEqual(thrice(mine.payment, theirs.payment));
      expect(await seenBy({ kind: 'public' })).toEqual([[], [], []]);
    });

    it('nobody who would change another’s', async () => {
      const customer = aCustomerActor(ids.customer);
      const touched = await bare.database.transact(customer, (em) =>
        em.nativeUpdate(Payment, { id: theirs.payment }, { errorCode: 'x' }),
      );
      expect(touched).toBe(0);
      const forged = bare.database.transact(customer, (em) =>
        em.nativeUpdate(Payment, { id: mine.payment }, { customerId: ids.other, bookingId: theirs.booking }),
      );
      await expect(forged).rejects.toThrow('row-level security');
    });
  });
});
