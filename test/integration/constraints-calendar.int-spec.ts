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
    insert('calendar_connection', { id: newId(), source: 'oauth', refresh_token: 'v1.a.b.c', ...change });
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

  it('keeps a token for every account that was connected by a click, and none for the environment’s', async () => {
    await aConnection();
    await aConnection({ source: 'environment', refresh_token: null });
    await refuses(aConnection({ refresh_token: null }), 'calendar_connection_token_of_oauth');
    await refuses(
      aConnection({ source: 'environment', refresh_token: null }),
      'calendar_connection_one_of_environment',
    );
    await refuses(aConnection({ source: 'guess' }), 'calendar_connection_source_check');
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

  it('tells no more in a calendar than one of three measures', async () => {
    await refuses(
      bare.sql(`update business set calendar_details = 'all'`),
      'business_calendar_details_check',
    );
  });
});
