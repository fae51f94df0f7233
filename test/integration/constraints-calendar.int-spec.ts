import { newId } from '../../src/common/ids.js';
import { violates } from '../../src/database/errors.js';
import { aBooking } from '../support/factories.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

type Row = Record<string, unknown>;

/** Goes past every service: what must never be, the database itself refuses, by the rule's name. */
describe('the database, about calendars,', () => {
  let bare: BareDatabase;
  let bookingId: string;
  beforeAll(async () => {
    bare = await bareDatabase();
    await bare.sql(
      `insert into business (id, name, time_zone, currency) values ($1, 'Salon', 'UTC', 'USD')`,
      [newId()],
    );
    ({ id: bookingId } = await aBooking(bare, { startsAt: '2030-03-04T10:00:00Z' }));
  });
  afterAll(() => bare.close());

  const insert = async (table: string, row: Row) => {
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`);
    await bare.sql(
      `insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    );
    return String(row['id']);
  };
  const aConnection = (change: Row = {}) =>
    insert('calendar_connection', {
      ...{ id: newId(), source: 'oauth', refresh_token: 'v1.a.b.c' },
      ...{ account_subject: newId(), account_email: 'salon@example.com', ...change },
    });
  const aCalendar = async (change: Row = {}) =>
    insert('calendar', { id: newId(), connection_id: await aConnection(), google_id: newId(), ...change });
  const aLink = async (change: Row = {}) =>
    insert('calendar_link', {
      booking_id: bookingId,
      calendar_id: await aCalendar(),
      event_id: 'lr0123',
      ...change,
    });
  const refuses = async (work: Promise<unknown>, rule: string) => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect([rule, violates(error, rule)]).toEqual([rule, true]);
  };

  it('keeps a token of every account that was connected by a click, once, and knows nothing of the environment’s', async () => {
    const environment = {
      source: 'environment',
      refresh_token: null,
      account_subject: null,
      account_email: null,
    };
    await aConnection({ account_subject: '1' });
    await aConnection(environment);
    await refuses(aConnection({ account_subject: '1' }), 'calendar_connection_once_an_account');
    await refuses(aConnection({ refresh_token: null }), 'calendar_connection_account_of_oauth');
    await refuses(aConnection({ account_subject: null }), 'calendar_connection_account_of_oauth');
    await refuses(aConnection({ source: 'environment' }), 'calendar_connection_account_of_oauth');
    await refuses(aConnection(environment), 'calendar_connection_one_of_environment');
    await refuses(aConnection({ ...environment, source: 'guess' }), 'calendar_connection_source_check');
    await refuses(aConnection({ state: 'odd' }), 'calendar_connection_state_check');
  });

  it('has one calendar that bookings with a person are written to, and each calendar once', async () => {
    await aCalendar({ is_target: true });
    await refuses(aCalendar({ is_target: true }), 'calendar_one_target_each');
    const place = { connection_id: await aConnection(), google_id: 'a@example.com' };
    await aCalendar(place);
    await refuses(aCalendar(place), 'calendar_once_a_person');
    await refuses(aCalendar({ connection_id: newId() }), 'calendar_connection_id_foreign');
    await refuses(aCalendar({ resource_id: newId() }), 'calendar_resource_id_foreign');
  });

  it('knows each event once, by an id that Google takes, and every claim’s end', async () => {
    const calendar = await aCalendar();
    await aLink({ calendar_id: calendar });
    const other = await aBooking(bare, { startsAt: '2030-03-05T10:00:00Z' });
    await refuses(aLink({ calendar_id: calendar, booking_id: other.id }), 'calendar_link_one_event_each');
    await refuses(aLink({ calendar_id: calendar, event_id: 'lr4567' }), 'calendar_link_pkey');
    await refuses(aLink({ event_id: 'lawrei' }), 'calendar_link_event_id_is_base32hex');
    await refuses(aLink({ claim: newId() }), 'calendar_link_claim_ends');
    await refuses(aLink({ booking_id: newId() }), 'calendar_link_booking_id_foreign');
    await refuses(aLink({ calendar_id: newId() }), 'calendar_link_calendar_id_foreign');
  });

  it('knows a channel whole or not at all, and each for one calendar', async () => {
    const channel = {
      channel_id: newId(),
      channel_resource_id: 'r',
      channel_expires_at: '2030-03-04T10:00:00Z',
    };
    await aCalendar(channel);
    await refuses(aCalendar(channel), 'calendar_channel_unique');
    await refuses(aCalendar({ channel_id: newId() }), 'calendar_channel_is_whole');
  });

  it('keeps of foreign events when they are, forwards, once, and of sources it knows', async () => {
    const source = await insert('busy_source', { id: newId() });
    const aBusy = (change: Row = {}) =>
      insert('external_busy', {
        ...{ source_id: source, event_id: newId(), etag: '1' },
        ...{ starts_at: '2030-03-04T10:00:00Z', ends_at: '2030-03-04T11:00:00Z', ...change },
      });
    await aBusy({ event_id: 'a' });
    await refuses(aBusy({ event_id: 'a' }), 'external_busy_pkey');
    await refuses(aBusy({ ends_at: '2030-03-04T10:00:00Z' }), 'external_busy_ends_after_start');
    await refuses(aBusy({ source_id: newId() }), 'external_busy_source_id_foreign');
    await refuses(aBusy({ resource_id: newId() }), 'external_busy_resource_id_foreign');
    await refuses(
      insert('busy_source', { id: newId(), resource_id: newId() }),
      'busy_source_resource_id_foreign',
    );
  });

  it('has one open conflict of each kind for a booking, and knows how every other ended', async () => {
    const calendar = await aCalendar();
    const aConflict = (change: Row = {}) =>
      insert('calendar_conflict', {
        ...{ id: newId(), booking_id: bookingId, calendar_id: calendar, kind: 'moved' },
        ...{ created_at: '2030-03-04T10:00:00Z', ...change },
      });
    const ended = { resolution: 'applied', resolved_at: '2030-03-04T10:00:00Z' };
    await aConflict();
    await aConflict(ended);
    await refuses(aConflict(), 'calendar_conflict_one_open_each');
    await refuses(aConflict({ resolution: 'applied' }), 'calendar_conflict_end_tells_how');
    await refuses(aConflict({ ...ended, resolution: 'lost' }), 'calendar_conflict_resolution_check');
    await refuses(aConflict({ ...ended, kind: 'odd' }), 'calendar_conflict_kind_check');
    await refuses(
      aConflict({ ...ended, starts_at: '2030-03-04T10:00:00Z' }),
      'calendar_conflict_times_are_a_pair',
    );
    await refuses(aConflict({ ...ended, booking_id: newId() }), 'calendar_conflict_booking_id_foreign');
    await refuses(aConflict({ ...ended, calendar_id: newId() }), 'calendar_conflict_calendar_id_foreign');
  });

  it('tells no more in a calendar than one of three measures, and follows it in one of three ways', async () => {
    const set = (column: string) => bare.sql(`update business set ${column} = 'all'`);
    await refuses(set('calendar_details'), 'business_calendar_details_check');
    await refuses(set('calendar_moves'), 'business_calendar_moves_check');
    await refuses(set('calendar_deletions'), 'business_calendar_deletions_check');
  });
});
