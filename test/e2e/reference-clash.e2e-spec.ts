import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp } from '../support/test-app.js';

describe('a booking whose made-up reference another booking has already', () => {
  let app: TestApp;
  let salon: OpenSalon;

  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs('2030-03-01T14:00:00Z');
    salon = await openSalon(app);
    const first = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    // Chance made certain: the next booking gets the reference of the first; a sequence is not rolled back, so only once each.
    await app.sql('create sequence clash');
    await app.sql('grant usage on sequence clash to lawrei_app');
    await app.sql(`create function clash_once() returns trigger language plpgsql as
      $$ begin if nextval('clash') % 2 = 1 then new.reference := '${first.body.reference}'; end if; return new; end $$`);
    await app.sql('create trigger clash before insert on booking for each row execute function clash_once()');
  });
  afterAll(() => app.stop());

  it.each([
    ['without a key', {}, '2030-03-04T11:00:00-05:00'],
    ['with an Idempotency-Key', { 'idempotency-key': 'k1' }, '2030-03-04T12:00:00-05:00'],
  ])('is made all the same, %s', async (_how, headers, start) => {
    const booked = await bookAsGuest(app, salon, start, {}, headers);
    expect([booked.status, booked.body.code]).toEqual([201, undefined]);
  });
});
