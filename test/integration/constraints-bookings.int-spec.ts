import { newId } from '../../src/common/ids.js';
import { violates } from '../../src/database/errors.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

/** Goes past every service: what must never be, the database itself refuses, by the rule's name. */
describe('the database refuses', () => {
  let bare: BareDatabase;
  const ids = { customer: newId(), service: newId(), anna: newId(), ben: newId() };
  beforeAll(async () => {
    bare = await bareDatabase();
    await bare.sql(
      `insert into business (id, name, time_zone, currency) values ($1, 'Salon', 'UTC', 'USD')`,
      [newId()],
    );
    await bare.sql(`insert into customer (id, name) values ($1, 'Ada')`, [ids.customer]);
    await bare.sql(
      `insert into service (id, name, duration_minutes, price_minor, currency, payment_policy) values ($1, 'Cut', 30, 8500, 'USD', 'full')`,
      [ids.service],
    );
    for (const id of [ids.anna, ids.ben])
      await bare.sql(`insert into resource (id, name) values ($1, 'Somebody')`, [id]);
  });
  afterAll(() => bare.close());

  let references = 0;
  const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  const reference = () => {
    references += 1;
    return `AAAA${LETTERS[Math.floor(references / 24) % 24]}${LETTERS[references % 24]}`;
  };

  const aBooking = async (change: Record<string, unknown> = {}) => {
    const row: Record<string, unknown> = {
      id: newId(),
      reference: reference(),
      customer_id: ids.customer,
      service_id: ids.service,
      resource_id: ids.anna,
      service_name: 'Cut',
      starts_at: '2030-03-04T14:00:00Z',
      ends_at: '2030-03-04T14:30:00Z',
      status: 'held',
      hold_expires_at: '2030-03-01T00:00:00Z',
      source: 'public',
      total_minor: 8500,
      due_to_confirm_minor: 8500,
      currency: 'USD',
      payment_policy: 'full',
      policy_snapshot: '{}',
      reference_start: '2030-03-04T14:00:00Z',
      created_at: '2030-03-01T00:00:00Z',
      ...change,
    };
    const columns = Object.keys(row);
    await bare.sql(
      `insert into booking (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
    return String(row['id']);
  };
  const anAllocation = (booking: string, from: string, to: string, resource = ids.anna, active = true) =>
    bare.sql(
      `insert into allocation (id, booking_id, resource_id, during, active) values ($1, $2, $3, tstzrange($4, $5), $6)`,
      [newId(), booking, resource, from, to, active],
    );
  const refusedBy = async (rule: string, attempt: Promise<unknown>) => {
    const error = await attempt.then(
      () => null,
      (failure: unknown) => failure,
    );
    expect({
      rule,
      refused: violates(error, rule),
      error: error instanceof Error ? error.message : error,
    }).toMatchObject({ refused: true });
  };

  it('two active claims on one person’s time', async () => {
    const booking = await aBooking();
    await anAllocation(booking, '2030-03-04T14:00Z', '2030-03-04T14:30Z');
    await refusedBy('allocation_no_overlap', anAllocation(booking, '2030-03-04T14:29Z', '2030-03-04T15:00Z'));
    await anAllocation(booking, '2030-03-04T14:30Z', '2030-03-04T15:00Z'); // touching is not overlapping
    await anAllocation(booking, '2030-03-04T14:00Z', '2030-03-04T14:30Z', ids.ben);
    await anAllocation(booking, '2030-03-04T14:00Z', '2030-03-04T14:30Z', ids.anna, false);
  });

  it('a claim without a length, without a booking, or on nobody', async () => {
    const booking = await aBooking();
    await refusedBy('allocation_not_empty', anAllocation(booking, '2030-03-05T14:00Z', '2030-03-05T14:00Z'));
    await refusedBy(
      'allocation_at_most_a_day',
      anAllocation(booking, '2030-03-05T14:00Z', '2030-03-06T14:01Z'),
    );
    await refusedBy(
      'allocation_booking_exists',
      anAllocation(newId(), '2030-03-05T14:00Z', '2030-03-05T15:00Z'),
    );
    await refusedBy(
      'allocation_resource_id_foreign',
      anAllocation(booking, '2030-03-05T14:00Z', '2030-03-05T15:00Z', newId()),
    );
  });

  it.each([
    ['booking_ends_after_start', { ends_at: '2030-03-04T14:00:00Z' }],
    ['booking_at_most_a_day', { ends_at: '2030-03-05T14:00:00Z' }],
    ['booking_money_not_negative', { total_minor: -1 }],
    ['booking_money_not_negative', { due_to_confirm_minor: 8501 }],
    ['booking_money_not_negative', { refunded_minor: 1 }],
    ['booking_money_not_negative', { paid_minor: -1 }],
    ['booking_confirmed_is_paid', { status: 'confirmed' }],
    ['booking_confirmed_is_paid', { status: 'completed', paid_minor: 8499 }],
    ['booking_held_has_an_end', { hold_expires_at: null }],
    ['booking_cancelled_says_by_whom', { status: 'cancelled' }],
    ['booking_cancelled_says_by_whom', { cancelled_by: 'staff' }],
    ['booking_reference_is_sayable', { reference: 'O0O0O0' }],
    ['booking_revision_counts_from_one', { revision: 0 }],
    ['booking_status_check', { status: 'maybe' }],
    ['booking_customer_id_foreign', { customer_id: newId() }],
    ['booking_service_id_foreign', { service_id: newId() }],
    ['booking_resource_id_foreign', { resource_id: newId() }],
  ])('a booking against %s', async (rule, change) => {
    await refusedBy(rule, aBooking(change));
  });

  it('two bookings of one reference', async () => {
    await aBooking({ reference: 'ZZZZZZ' });
    await refusedBy('booking_reference_unique', aBooking({ reference: 'ZZZZZZ' }));
  });

  it('confirmed bookings that are neither paid nor waived, and lets the others be', async () => {
    await aBooking({ status: 'confirmed', paid_minor: 8500 });
    await aBooking({ status: 'confirmed', payment_waived: true });
    await aBooking({ status: 'confirmed', due_to_confirm_minor: 0 });
  });

  it('history that changes', async () => {
    const booking = await aBooking();
    await bare.sql(
      `insert into booking_event (id, booking_id, customer_id, revision, type, actor_kind, at, after) values ($1, $2, $3, 1, 'held', 'guest', now(), '{}')`,
      [newId(), booking, ids.customer],
    );
    await expect(bare.sql(`update booking_event set type = 'confirmed'`)).rejects.toThrow(
      'booking_event is append-only',
    );
    await expect(bare.sql(`delete from booking_event`)).rejects.toThrow('booking_event is append-only');
    await refusedBy(
      'booking_event_type_check',
      bare.sql(
        `insert into booking_event (id, booking_id, customer_id, revision, type, actor_kind, at, after) values ($1, $2, $3, 1, 'guessed', 'guest', now(), '{}')`,
        [newId(), booking, ids.customer],
      ),
    );
  });

  it('a changed price without both amounts and a reason', async () => {
    const booking = await aBooking();
    const [old, next] = [{ totalMinor: 8500 }, { totalMinor: 5000, reason: 'a friend' }];
    const change = (before: object | null, after: object) =>
      bare.sql(
        `insert into booking_event (id, booking_id, customer_id, revision, type, actor_kind, at, before, after) values ($1, $2, $3, 1, 'price_changed', 'staff', now(), $4, $5)`,
        [newId(), booking, ids.customer, before, after],
      );
    const rule = 'booking_event_price_change_says_all';
    await refusedBy(rule, change(null, next));
    await refusedBy(rule, change({}, next));
    await refusedBy(rule, change(old, { reason: 'a friend' }));
    await refusedBy(rule, change(old, { totalMinor: 5000 }));
    await change(old, next);
  });

  it('a customer who goes while bookings stand, two holders of one verified contact, and contacts not in their one form', async () => {
    await aBooking();
    await refusedBy(
      'booking_customer_id_foreign',
      bare.sql('delete from customer where id = $1', [ids.customer]),
    );
    const person = (columns: string, values: unknown[]) =>
      bare.sql(
        `insert into customer (id, name, ${columns}) values ($1, 'Eve', ${values.map((_, index) => `$${index + 2}`).join(', ')})`,
        [newId(), ...values],
      );
    await person('phone, phone_verified_at', ['+15550001', 'now']);
    await refusedBy(
      'customer_verified_phone_unique',
      person('phone, phone_verified_at', ['+15550001', 'now']),
    );
    await person('phone', ['+15550001']);
    await refusedBy('customer_phone_is_e164', person('phone', ['0555 0001']));
    await refusedBy('customer_email_is_lower_case', person('email', ['Eve@example.com']));
    await refusedBy('customer_verified_contact_exists', person('email_verified_at', ['now']));
  });

  it('an outbox row claimed by nobody, and two effects of one key', async () => {
    const row = (key: string, state: string) =>
      bare.sql(
        `insert into outbox_message (id, topic, handler, payload, dedupe_key, due_at, state) values ($1, 't', 'h', '{}', $2, now(), $3)`,
        [newId(), key, state],
      );
    await refusedBy('outbox_message_claim_has_lease', row('a', 'claimed'));
    await row('b', 'pending');
    await refusedBy('outbox_message_dedupe_key_unique', row('b', 'pending'));
  });

  it('a session of nobody or of two', async () => {
    const session = (kind: string, customer: string | null) =>
      bare.sql(`insert into session (id, kind, customer_id, expires_at) values ($1, $2, $3, now())`, [
        newId(),
        kind,
        customer,
      ]);
    await refusedBy('session_belongs_to_one', session('staff', null));
    await refusedBy('session_belongs_to_one', session('guest', ids.customer));
  });
});
