import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { newId } from '../../src/common/ids.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

const at = '2030-03-01T14:00:00Z';
const ids = {
  account: newId(),
  customer: newId(),
  service: newId(),
  resource: newId(),
  booking: newId(),
  link: newId(),
  session: newId(),
  message: newId(),
  code: newId(),
};
type Row = Record<string, unknown>;

/** Tables whose rows are known by something else. */
const WITHOUT_ID = [
  'security_counter',
  'integration_status',
  'recurring_run',
  'invariant_check',
  'request_tally',
  'report_day',
  'retention_rule',
  'retention_night',
];

/** A row that each table takes, to be made wrong in one place. */
const ROWS: Readonly<Record<string, () => Row>> = {
  account: () => ({ name: 'Eve', email: 'eve@example.com', password_hash: 'x', role: 'staff' }),
  business: () => ({ name: 'Salon', time_zone: 'UTC', currency: 'USD' }),
  customer: () => ({ name: 'Ada' }),
  service: () => ({ name: 'Cut', duration_minutes: 30, price_minor: 8500, currency: 'USD' }),
  resource: () => ({ name: 'Anna' }),
  booking: () => ({
    ...{ reference: 'AAAAAB', customer_id: ids.customer, service_id: ids.service, resource_id: ids.resource },
    ...{ service_name: 'Cut', starts_at: at, ends_at: '2030-03-01T14:30:00Z', status: 'held' },
    ...{ hold_expires_at: at, source: 'public', total_minor: 8500, due_to_confirm_minor: 8500 },
    ...{
      currency: 'USD',
      payment_policy: 'full',
      policy_snapshot: '{}',
      reference_start: at,
      created_at: at,
    },
  }),
  booking_event: () => ({
    ...{ booking_id: ids.booking, customer_id: ids.customer, revision: 1, type: 'held' },
    ...{ actor_kind: 'guest', at, after: '{}' },
  }),
  manage_link: () => ({
    ...{ customer_id: ids.customer, booking_id: ids.booking, token_hash: newId(), expires_at: at },
  }),
  message: () => ({
    ...{ channel: 'sms', family: 'manual', class: 'transactional', to_address: '+14155550101', to_hash: 'x' },
    ...{ dedupe_key: newId(), due_at: at, expires_at: at, created_at: at },
  }),
  message_attempt: () => ({ message_id: ids.message, channel: 'sms', number: 1, started_at: at }),
  outbox_message: () => ({ topic: 't', handler: 'h', payload: '{}', dedupe_key: newId(), due_at: at }),
  provider_event: () => ({ provider: 'twilio', event_id: 'SM1', type: 'delivered' }),
  refresh_token: () => ({ session_id: ids.session, token_hash: 'once', expires_at: at }),
  security_counter: () => ({ key: 'sign-in/eve', window_ends_at: at }),
  session: () => ({ kind: 'staff', account_id: ids.account, expires_at: at }),
  one_time_code: () => ({
    ...{ purpose: 'sign-in', channel: 'sms', contact: '+15005550100', contact_hash: 'x'.repeat(43) },
    ...{ network_hash: 'x'.repeat(43), is_sent: true, created_at: '2030-01-01T00:00:00Z' },
    expires_at: '2030-01-01T00:05:00Z',
  }),
  erasure_request: () => ({
    ...{ customer_id: ids.customer, state: 'asked', asked_at: at, due_at: '2030-03-04T14:00:00Z' },
  }),
  erasure_ledger: () => ({ customer_id: ids.customer, erased_at: at }),
  retention_rule: () => ({ data_class: 'notes', months: 12 }),
  retention_night: () => ({ day: '2030-03-01', started_at: at }),
  integration_status: () => ({ name: 'new' }),
  invariant_check: () => ({ name: 'new', checked_at: at, took_ms: 0, broken: 0, sample: '[]' }),
  request_tally: () => ({ day: '2030-03-01', method: 'GET', route: '/', outcome: 'ok', requests: 1 }),
  report_day: () => ({
    ...{ day: '2030-03-01', time_zone: 'America/New_York', kept_at: '2030-03-02T05:00:00Z', figures: '{}' },
    ...{ failures: '[]', sms_ms: '{}', email_ms: '{}', texted: '{}', visitors: '{}' },
  }),
  recurring_run: () => ({ name: 'new', every_seconds: 1, last_run_at: '2030-03-04T10:00:00Z', took_ms: 0 }),
};

/** Goes past every service: what must never be, the database itself refuses, by the rule's name. */
describe('the database refuses', () => {
  let bare: BareDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    bare = await bareDatabase();
    owner = new pg.Client({ connectionString: bare.urls.ownerUrl });
    await owner.connect();
    await write('business');
    for (const table of ['account', 'customer', 'service', 'resource', 'booking'] as const)
      await write(table, { id: ids[table] });
    await write('manage_link', { id: ids.link });
    await write('session', { id: ids.session });
    await write('message', { id: ids.message });
    await write('one_time_code', { id: ids.code });
    for (const table of ['provider_event', 'refresh_token', 'erasure_request', 'erasure_ledger'])
      await write(table);
    await write('manage_link', { token_hash: 'taken' });
  });
  afterAll(async () => {
    await owner.end();
    await bare.close();
  });

  const write = (table: string, change: Row = {}) => {
    const hasId = !WITHOUT_ID.includes(table);
    const row = { ...(hasId ? { id: newId() } : {}), ...ROWS[table]?.(), ...change };
    const places = Object.keys(row).map((_, index) => `$${index + 1}`);
    return owner.query(
      `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    );
  };

  /** The name of the rule that refused, or what happened instead; nothing of it stays. */
  const refusedBy = async (table: string, change: Row, without?: string) => {
    await owner.query('begin');
    try {
      if (without) await owner.query(`alter table ${table} drop constraint ${without}`);
      const { rowCount } = await write(table, change);
      return `${rowCount} rows written`;
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.constraint ?? error.message) : String(error);
    } finally {
      await owner.query('rollback');
    }
  };

  const guest = { kind: 'guest', account_id: null, booking_id: ids.booking, manage_link_id: ids.link };

  it.each<[rule: string, table: string, change: () => Row]>([
    ['account_email_unique', 'account', () => ({})],
    ['account_email_is_lower_case', 'account', () => ({ email: 'Eve@Example.com' })],
    ['account_role_check', 'account', () => ({ email: 'x@example.com', role: 'king' })],
    ['account_closed_is_disabled', 'account', () => ({ email: 'x@example.com', closed_at: at })],
    ['account_resource_exists', 'account', () => ({ email: 'x@example.com', resource_id: newId() })],
    [
      'booking_cancelled_by_check',
      'booking',
      () => ({ reference: 'AAAAAC', status: 'cancelled', cancelled_by: 'nobody' }),
    ],
    ['booking_payment_policy_check', 'booking', () => ({ reference: 'AAAAAC', payment_policy: 'later' })],
    ['booking_source_check', 'booking', () => ({ reference: 'AAAAAC', source: 'fax' })],
    ['booking_event_booking_id_foreign', 'booking_event', () => ({ booking_id: newId() })],
    ['booking_event_customer_id_foreign', 'booking_event', () => ({ customer_id: newId() })],
    ['manage_link_customer_id_foreign', 'manage_link', () => ({ customer_id: newId() })],
    ['manage_link_booking_exists', 'manage_link', () => ({ booking_id: newId() })],
    ['manage_link_token_unique', 'manage_link', () => ({ token_hash: 'taken' })],
    ['message_channel_check', 'message', () => ({ channel: 'fax' })],
    ['message_class_check', 'message', () => ({ class: 'gossip' })],
    ['message_direction_check', 'message', () => ({ direction: 'sideways' })],
    ['message_family_check', 'message', () => ({ family: 'gossip' })],
    ['message_state_check', 'message', () => ({ state: 'maybe' })],
    ['message_payment_id_foreign', 'message', () => ({ booking_id: ids.booking, payment_id: newId() })],
    ['message_attempt_channel_check', 'message_attempt', () => ({ channel: 'fax' })],
    ['message_attempt_outcome_check', 'message_attempt', () => ({ finished_at: at, outcome: 'maybe' })],
    ['message_attempt_customer_id_foreign', 'message_attempt', () => ({ customer_id: newId() })],
    ['message_code_id_foreign', 'message', () => ({ code_id: newId() })],
    ['one_time_code_purpose_check', 'one_time_code', () => ({ purpose: 'fun', session_id: ids.session })],
    ['one_time_code_channel_check', 'one_time_code', () => ({ channel: 'fax' })],
    ['one_time_code_at_most_five_tries', 'one_time_code', () => ({ tries: 6 })],
    ['one_time_code_lives_five_minutes', 'one_time_code', () => ({ expires_at: '2030-01-01T00:05:01Z' })],
    ['one_time_code_of_a_session_unless_it_opens_one', 'one_time_code', () => ({ purpose: 'step-up' })],
    ['one_time_code_sent_or_same', 'one_time_code', () => ({ same_as_id: ids.code })],
    ['one_time_code_contact_is_hashed', 'one_time_code', () => ({ contact_hash: '+15005550100' })],
    ['one_time_code_same_as_exists', 'one_time_code', () => ({ is_sent: false, same_as_id: newId() })],
    [
      'one_time_code_session_id_foreign',
      'one_time_code',
      () => ({ purpose: 'step-up', session_id: newId() }),
    ],
    ['outbox_message_state_check', 'outbox_message', () => ({ state: 'lost' })],
    ['outbox_message_attempts_bounded', 'outbox_message', () => ({ attempt: -1 })],
    [
      'outbox_message_attempts_bounded',
      'outbox_message',
      () => ({ attempt: 1, failures: 1, lost_claims: 1 }),
    ],
    ['provider_event_once', 'provider_event', () => ({})],
    ['refresh_token_hash_unique', 'refresh_token', () => ({})],
    [
      'refresh_token_session_id_foreign',
      'refresh_token',
      () => ({ session_id: newId(), token_hash: newId() }),
    ],
    ['security_counter_not_negative', 'security_counter', () => ({ count: -1 })],
    ['session_account_id_foreign', 'session', () => ({ account_id: newId() })],
    [
      'session_customer_id_foreign',
      'session',
      () => ({ kind: 'customer', account_id: null, customer_id: newId() }),
    ],
    ['session_booking_exists', 'session', () => ({ ...guest, booking_id: newId() })],
    ['session_manage_link_id_foreign', 'session', () => ({ ...guest, manage_link_id: newId() })],
    ['erasure_request_one_open', 'erasure_request', () => ({})],
    ['erasure_request_cools_off', 'erasure_request', () => ({ due_at: at })],
    ['erasure_request_end_has_its_time', 'erasure_request', () => ({ state: 'withdrawn' })],
    ['erasure_request_done_has_a_certificate', 'erasure_request', () => ({ state: 'done', ended_at: at })],
    ['erasure_request_state_check', 'erasure_request', () => ({ state: 'maybe', ended_at: at })],
    ['erasure_request_customer_exists', 'erasure_request', () => ({ customer_id: newId() })],
    ['erasure_ledger_once', 'erasure_ledger', () => ({})],
    ['retention_rule_data_class_check', 'retention_rule', () => ({ data_class: 'gossip' })],
    ['retention_rule_months_bounded', 'retention_rule', () => ({ months: 0 })],
    ['retention_rule_months_bounded', 'retention_rule', () => ({ months: 241 })],
    ['retention_rule_money_ten_years', 'retention_rule', () => ({ data_class: 'payments', months: 119 })],
    ['retention_night_end_tells_what', 'retention_night', () => ({ ended_at: at })],
    ['outbox_message_lane_check', 'outbox_message', () => ({ lane: 'slow' })],
    ['invariant_check_counts', 'invariant_check', () => ({ took_ms: -1 })],
    ['invariant_check_broken_since_then', 'invariant_check', () => ({ broken: 1 })],
    ['report_day_is_over', 'report_day', () => ({ kept_at: '2030-03-02T04:59:59Z' })],
    ['request_tally_counts', 'request_tally', () => ({ requests: 0 })],
    ['recurring_run_counts_forwards', 'recurring_run', () => ({ every_seconds: 0 })],
    ['integration_status_breaker_check', 'integration_status', () => ({ breaker: 'ajar' })],
  ])('%s, on the table %s', async (rule, table, change) => {
    expect(await refusedBy(table, change())).toBe(rule);
  });

  it.each<[rule: string, table: string, change: Row, without: string]>([
    ['session_kind_check', 'session', { kind: 'robot' }, 'session_belongs_to_one'],
    [
      'message_refund_id_foreign',
      'message',
      { booking_id: ids.booking, payment_id: newId(), refund_id: newId() },
      'message_payment_id_foreign',
    ],
    ['business_currency_unique', 'business', { singleton: false }, 'business_only_one_row'],
  ])('%s, even where the stricter rule beside it is gone', async (rule, table, change, without) => {
    expect(await refusedBy(table, change, without)).toBe(rule);
  });

  it('a second time of the app’s own', async () => {
    const attempt = owner.query('insert into app_clock (id) values (false)');
    await expect(attempt).rejects.toMatchObject({ constraint: 'app_clock_id_check' });
  });
});

describe('the rules of the database', () => {
  let bare: BareDatabase;
  beforeAll(async () => (bare = await bareDatabase()));
  afterAll(() => bare.close());

  it('are each broken by some test that goes past the services', async () => {
    const rules = await bare.sql(
      `select conname as name from pg_constraint join pg_class on pg_class.oid = conrelid
         where connamespace = 'public'::regnamespace and contype not in ('p', 'n') and conparentid = 0
       union
       select relname from pg_index join pg_class on pg_class.oid = indexrelid
         where relnamespace = 'public'::regnamespace and (indisunique or indisexclusion) and not indisprimary
       order by 1`,
    );
    const folder = new URL('./', import.meta.url);
    const texts = readdirSync(folder)
      .filter((file) => file.endsWith('.int-spec.ts'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n');
    const names = rules.map(({ name }) => String(name)).filter((name) => !name.startsWith('mikro_orm'));
    expect(names.length).toBeGreaterThan(90);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(texts))).toEqual([]);
  });
});
