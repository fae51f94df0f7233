import pg from 'pg';
import { newId } from '../../src/common/ids.js';
import { aService, aStaffMember } from '../support/factories.js';
import { TestApp } from '../support/test-app.js';

/**
 * Goes past every service, straight to the tables, as the role the app itself logs in with: what the database refuses here stays
 * refused when a check in code is forgotten.
 */
describe('the database itself forbids', () => {
  let app: TestApp;
  let client: pg.Client;
  let staff: string;
  let service: string;
  let customer: string;
  beforeAll(async () => {
    app = await TestApp.start();
    client = new pg.Client({ connectionString: app.database.appUrl });
    await client.connect();
    await client.query("select set_config('app.actor_kind', 'system', false)");
    staff = await aStaffMember(app);
    service = await aService(app, { name: 'Haircut', staffIds: [staff] });
    customer = newId();
    await client.query(
      "insert into customer (id, name, phone, email) values ($1, 'Ada', '+15005550100', 'ada@example.com')",
      [customer],
    );
  });
  afterAll(async () => {
    await client.end();
    await app.stop();
  });

  /** The name of the rule that refused, or what happened instead. */
  const refusedBy = async (sql: string, values: unknown[] = []) => {
    await client.query('begin');
    try {
      const { rowCount } = await client.query(sql, values);
      return `${rowCount} rows written`;
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.constraint ?? error.message) : String(error);
    } finally {
      await client.query('rollback');
    }
  };
  const id = () => `'${newId()}'`;

  it.each([
    [
      'business_only_one',
      `insert into business (id, name, time_zone, currency) values (${id()}, 'Second', 'UTC', 'USD')`,
    ],
    ['business_only_one_row', 'update business set singleton = false'],
    ['business_currency_is_iso', `update business set currency = 'usd'`],
    ['business_phone_is_e164', `update business set phone = '555-0100'`],
    ['business_restoration_says_from_when', 'update business set restored_at = now()'],
    ['business_quiet_hours_in_order', `update business set quiet_from = '22:00'`],
    ['business_quiet_hours_are_times', `update business set quiet_from = '07:60'`],
    ['business_refund_tiers_is_list', `update business set refund_tiers = '{}'`],
    ['business_tax_is_a_share', 'update business set tax_milli_percent = -1'],
    ['business_tax_is_a_share', 'update business set tax_milli_percent = 100001'],
    ['business_policies_not_negative', 'update business set hold_minutes = 0'],
    ['business_policies_not_negative', 'update business set cancel_notice_hours = -1'],
    ['business_policies_not_negative', 'update business set max_active_bookings = 0'],
    ['service_currency_of_business_exists', `update business set currency = 'EUR'`],
  ])('a salon against %s', async (rule, sql) => {
    expect(await refusedBy(sql)).toBe(rule);
  });

  const aServiceWith = (fields: string) => {
    const given = Object.fromEntries(fields.split(', ').map((field) => field.split('=') as [string, string]));
    const row = {
      id: id(),
      name: "'Colour'",
      duration_minutes: '60',
      price_minor: '8500',
      currency: "'USD'",
      ...given,
    };
    return `insert into service (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`;
  };

  it.each([
    ['service_name_unique', "name='HAIRCUT'"],
    ['service_duration_in_bounds', 'duration_minutes=4'],
    ['service_duration_in_bounds', 'duration_minutes=721'],
    ['service_buffers_in_bounds', 'buffer_before_minutes=-1'],
    ['service_buffers_in_bounds', 'buffer_after_minutes=241'],
    ['service_step_in_bounds', 'step_minutes=0'],
    ['service_price_not_negative', 'price_minor=-1'],
    ['service_currency_of_business_exists', "currency='EUR'"],
    ['service_payment_policy_check', "payment_policy='later'"],
    ['service_deposit_fits_policy', "payment_policy='deposit'"],
    ['service_deposit_fits_policy', "payment_policy='deposit', deposit_percent=10, deposit_minor=10"],
    ['service_deposit_fits_policy', "payment_policy='deposit', deposit_percent=101"],
    ['service_deposit_fits_policy', "payment_policy='deposit', deposit_minor=8501"],
    ['service_deposit_fits_policy', 'deposit_percent=10'],
  ])('a service against %s: %s', async (rule, fields) => {
    expect(await refusedBy(aServiceWith(fields))).toBe(rule);
  });

  it('nothing about a service that is as it should be', async () => {
    expect(await refusedBy(aServiceWith("payment_policy='deposit', deposit_percent=10"))).toBe(
      '1 rows written',
    );
  });

  it.each([
    ['resource_kind_check', () => `insert into resource (id, kind, name) values (${id()}, 'robot', 'R2')`],
    ['resource_phone_is_e164', () => `update resource set phone = '0' where id = '${staff}'`],
    ['resource_email_is_lower_case', () => `update resource set email = 'A@b.c' where id = '${staff}'`],
    [
      'service_resource_pkey',
      () => `insert into service_resource (service_id, resource_id) values ('${service}', '${staff}')`,
    ],
    [
      'service_resource_resource_id_foreign',
      () => `insert into service_resource (service_id, resource_id) values ('${service}', ${id()})`,
    ],
    [
      'service_resource_service_id_foreign',
      () => `insert into service_resource (service_id, resource_id) values (${id()}, '${staff}')`,
    ],
    ['service_resource_overrides_in_bounds', () => 'update service_resource set duration_minutes = 4'],
    ['service_resource_overrides_in_bounds', () => 'update service_resource set price_minor = -1'],
    ['service_resource_resource_id_foreign', () => `delete from resource where id = '${staff}'`],
    ['service_resource_service_id_foreign', () => `delete from service where id = '${service}'`],
  ])('staff and what they offer against %s', async (rule, sql) => {
    expect(await refusedBy(sql())).toBe(rule);
  });

  const hours = (weekday: number, from: string, to: string, whose = 'null') =>
    `insert into weekly_hours (id, resource_id, weekday, opens_at, closes_at) values (${id()}, ${whose}, ${weekday}, '${from}', '${to}')`;
  const exception = (intervals: unknown, date = '2030-03-04', whose = 'null') =>
    `insert into hours_exception (id, resource_id, date, intervals) values (${id()}, ${whose}, '${date}', '${JSON.stringify(intervals)}')`;
  const timeOff = (from: string, to: string, whose = `'${staff}'`) =>
    `insert into time_off (id, resource_id, starts_at, ends_at) values (${id()}, ${whose}, '${from}', '${to}')`;

  it.each([
    ['weekly_hours_iso_weekday', () => hours(0, '09:00', '10:00')],
    ['weekly_hours_iso_weekday', () => hours(8, '09:00', '10:00')],
    ['weekly_hours_are_times', () => hours(6, '9:00', '10:00')],
    ['weekly_hours_are_times', () => hours(6, '24:00', '10:00')],
    ['weekly_hours_no_overlap', () => hours(1, '17:59', '19:00')],
    [
      'weekly_hours_no_overlap',
      () => hours(7, '22:00', '21:00').replace(/$/, `, (${id()}, null, 7, '23:00', '23:30')`),
    ],
    ['weekly_hours_no_overlap', () => `${hours(6, '20:00', '03:00')}, (${id()}, null, 7, '02:59', '05:00')`],
    [
      'weekly_hours_no_overlap',
      () => `${hours(6, '09:00', '12:00', `'${staff}'`)}, (${id()}, '${staff}', 6, '11:00', '13:00')`,
    ],
    ['weekly_hours_resource_id_foreign', () => hours(6, '09:00', '10:00', id())],
    ['hours_exception_one_per_date', () => `${exception([])}, (${id()}, null, '2030-03-04', '[]')`],
    ['hours_exception_intervals_is_list', () => exception(null)],
    ['hours_exception_intervals_are_times', () => exception([{ from: '09:00' }])],
    ['hours_exception_intervals_are_times', () => exception([{ from: '09:00', to: '25:00' }])],
    ['hours_exception_intervals_are_times', () => exception([{ from: 9, to: 10 }])],
    ['hours_exception_intervals_are_times', () => exception(['09:00'])],
    ['hours_exception_resource_id_foreign', () => exception([], '2030-03-04', id())],
    ['time_off_ends_after_start', () => timeOff('2030-03-04T10:00Z', '2030-03-04T10:00Z')],
    ['time_off_whole_minutes', () => timeOff('2030-03-04T10:00:01Z', '2030-03-04T11:00Z')],
    ['time_off_whole_minutes', () => timeOff('2030-03-04T10:00Z', '2030-03-04T11:00:00.5Z')],
    ['time_off_at_most_a_year', () => timeOff('2030-01-01T00:00Z', '2031-01-02T00:01Z')],
    ['time_off_resource_id_foreign', () => timeOff('2030-03-04T10:00Z', '2030-03-04T11:00Z', id())],
  ])('working time against %s', async (rule, sql) => {
    expect(await refusedBy(sql())).toBe(rule);
  });

  it.each([
    ['hours that touch', () => hours(1, '18:00', '19:00')],
    ['a person’s hours where the salon has some', () => hours(1, '09:00', '18:00', `'${staff}'`)],
    [
      'an exception with hours past midnight',
      () =>
        exception([
          { from: '20:00', to: '02:00' },
          { from: '09:00', to: '24:00' },
        ]),
    ],
    ['a year off', () => timeOff('2030-01-01T00:00Z', '2031-01-01T00:00Z')],
  ])('nothing about %s', async (_, sql) => {
    expect(await refusedBy(sql())).toBe('1 rows written');
  });

  const aCustomer = (fields: Record<string, string>) => {
    const row = { id: id(), name: "'Eve'", ...fields };
    return `insert into customer (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`;
  };
  const consent = (fields: Record<string, string>) => {
    const row = {
      id: id(),
      customer_id: `'${customer}'`,
      purpose: "'reminder_sms'",
      granted: 'true',
      text_version: "'1'",
      source: "'staff'",
      actor_kind: "'system'",
      at: 'now()',
      ...fields,
    };
    return `insert into consent (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`;
  };
  const HASH = 'x'.repeat(43);
  const optOut = (channel: string, hash: string) =>
    `insert into opt_out (id, channel, contact_hash, source, opted_out_at) values (${id()}, '${channel}', '${hash}', 'sms', now())`;

  it.each([
    ['customer_phone_is_e164', () => aCustomer({ phone: "'5550100'" })],
    ['customer_email_is_lower_case', () => aCustomer({ email: "'Eve@Example.com'" })],
    ['customer_verified_contact_exists', () => aCustomer({ phone_verified_at: 'now()' })],
    ['customer_verified_contact_exists', () => aCustomer({ email_verified_at: 'now()' })],
    [
      'customer_verified_phone_unique',
      () =>
        `update customer set phone_verified_at = now(); ${aCustomer({ phone: "'+15005550100'", phone_verified_at: 'now()' })}`,
    ],
    [
      'customer_verified_email_unique',
      () =>
        `update customer set email_verified_at = now(); ${aCustomer({ email: "'ada@example.com'", email_verified_at: 'now()' })}`,
    ],
    ['customer_phone_is_held_once_verified', () => aCustomer({ phone_held_since: 'now()' })],
    ['customer_preferred_resource_exists', () => aCustomer({ preferred_resource_id: id() })],
    ['customer_merged_into_exists', () => aCustomer({ merged_into_id: id() })],
    [
      'customer_held_is_not_erased',
      () => aCustomer({ name: "'Erased'", legal_hold: "'case 17'", erased_at: 'now()' }),
    ],
    ['customer_erased_is_nobody', () => aCustomer({ erased_at: 'now()' })],
    ['customer_erased_is_nobody', () => aCustomer({ name: "'Erased'", notes: "'tips'", erased_at: 'now()' })],
    ['consent_purpose_check', () => consent({ purpose: "'fax'" })],
    ['consent_customer_id_foreign', () => consent({ customer_id: id() })],
    ['opt_out_channel_check', () => optOut('fax', HASH)],
    ['opt_out_contact_is_hashed', () => optOut('sms', '+15005550100')],
    ['opt_out_contact_unique', () => `${optOut('sms', HASH)}; ${optOut('sms', HASH)}`],
  ])('customers and their wishes against %s', async (rule, sql) => {
    expect(await refusedBy(sql())).toBe(rule);
  });

  it('changing or deleting what somebody agreed to', async () => {
    await client.query(consent({}));
    for (const sql of ['update consent set granted = false', 'delete from consent', 'truncate consent']) {
      expect(await refusedBy(sql)).toBe('permission denied for table consent');
    }
    await expect(app.sql('update consent set granted = false')).rejects.toThrow('consent is append-only');
  });

  it('seeing anybody’s data to nobody in particular, and others’ to a customer', async () => {
    const seenAs = async (kind: string, customerId: string) => {
      await client.query('begin');
      await client.query(
        "select set_config('app.actor_kind', $1, true), set_config('app.customer_id', $2, true)",
        [kind, customerId],
      );
      const { rows } = await client.query(
        'select (select count(*) from customer)::int as customers, (select count(*) from consent)::int as consents',
      );
      await client.query('rollback');
      return rows[0];
    };
    expect(await seenAs('public', '')).toEqual({ customers: 0, consents: 0 });
    expect(await seenAs('customer', newId())).toEqual({ customers: 0, consents: 0 });
    expect(await seenAs('customer', customer)).toEqual({ customers: 1, consents: 1 });
  });
});
