import { ManagePage } from '../support/manage-page.js';
import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer } from '../support/test-app.js';

const TEN = '2030-03-04T10:00:00-05:00';

describe('the page of a manage link', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday, 09:00 in New York
    salon = await openSalon(app, { durationMinutes: 60 });
  });

  const pageOf = (booking: Answer) => ManagePage.open(app, String(booking.body.manageToken));
  const startOf = async (booking: Answer) => {
    const [row] = await app.sql<{ starts_at: Date }>('select starts_at from booking where id = $1', [
      booking.body.id,
    ]);
    return row?.starts_at.toISOString();
  };

  it('shows the appointment as the salon’s clocks do, and what can be done with it', async () => {
    const page = await pageOf(await bookAsGuest(app, salon, TEN));
    expect(page.text('what')).toMatch(/^Haircut \w+ with Stylist 1$/);
    expect(page.text('when')).toMatch(/^Monday, March 4, 2030 at 10:00\sAM$/);
    expect(page.shown('cancel', 'move', 'elsewhere')).toEqual(['cancel', 'move']);
  });

  it('offers the day’s free starts, its own neighbours too, and moves to the one that is pressed', async () => {
    const booked = await bookAsGuest(app, salon, TEN);
    await bookAsGuest(app, salon, '2030-03-04T13:00:00-05:00');
    const page = await pageOf(booked);

    await page.press('move', () => page.times.length > 0);

    expect(page.day).toBe('2030-03-04');
    const times = page.times.map((time) => time.replace(/\s/, ' '));
    expect(times.slice(0, 3)).toEqual(['9:00 AM', '9:30 AM', '10:30 AM']);
    expect(times).not.toContain('1:00 PM');
    await page.take(page.times[2]!);
    expect(page.text('when')).toMatch(/^Monday, March 4, 2030 at 10:30\sAM$/);
    expect(page.text('note')).toBe(
      'It is moved. This link ends here; the newest message from the salon has the new one.',
    );
    expect(page.shown('cancel', 'move', 'elsewhere')).toEqual([]);
    expect(await startOf(booked)).toBe('2030-03-04T15:30:00.000Z');
    expect((await pageOf(booked)).text('what')).toMatch(/^This link does not open a booking any more/);
  });

  it('looks at another day when one is chosen, and says when nothing is free', async () => {
    const booked = await bookAsGuest(app, salon, TEN);
    const page = await pageOf(booked);
    await page.press('move', () => page.times.length === 16);

    await page.choose('2030-03-05', () => page.times.length === 17);
    await page.choose('', () => page.times.length === 0);
    await page.choose('2031-01-01', () => page.text('note') === 'Nothing is free on that day.');
    await page.choose('2030-03-05', () => page.times.length === 17);
    expect(page.text('note')).toBe('');
    await page.take(page.times[0]!);
    expect(await startOf(booked)).toBe('2030-03-05T14:00:00.000Z');
  });

  it('goes on when its session ran out meanwhile, as long as the link is good', async () => {
    const booked = await bookAsGuest(app, salon, TEN);
    const page = await pageOf(booked);
    await app.sql('delete from session where booking_id = $1', [booked.body.id]);
    await page.press('move', () => page.times.length === 16);
    await app.sql('update manage_link set revoked_at = now() where booking_id = $1', [booked.body.id]);
    await page.choose('2030-03-05', () => page.text('what').startsWith('This link does not open'));
    expect(page.shown('cancel', 'move', 'elsewhere')).toEqual([]);
  });

  it('tells why it was refused, and what is free by now', async () => {
    const booked = await bookAsGuest(app, salon, TEN);
    const page = await pageOf(booked);
    await page.press('move', () => page.times.length === 16);
    await bookAsGuest(app, salon, '2030-03-04T15:00:00-05:00');

    await page.take(page.times.find((time) => time.startsWith('3:00'))!);

    expect(page.text('note')).toBe('That time is taken.');
    expect(page.times).toHaveLength(13);
    expect(await startOf(booked)).toBe('2030-03-04T15:00:00.000Z');
  });

  it('sends people to the salon when it is too late to move', async () => {
    const page = await pageOf(await bookAsGuest(app, salon, TEN));
    await app.timeIs('2030-03-04T14:00:00Z');
    await page.press('move', () => page.text('note') !== '');
    expect(page.text('note')).toBe('It is too late to move the appointment online; please call the salon.');
    expect(page.times).toEqual([]);
  });

  it('cancels, and has nothing to move then', async () => {
    const page = await pageOf(await bookAsGuest(app, salon, TEN));
    await page.press('move', () => page.times.length > 0);
    await page.press('cancel', () => page.text('note') !== '');
    expect(page.text('note')).toBe('It is cancelled.');
    expect(page.shown('cancel', 'move', 'elsewhere')).toEqual([]);
  });

  it('does not offer to move what is only held', async () => {
    const paid = await openSalon(app, { paymentPolicy: 'full' });
    const page = await pageOf(await bookAsGuest(app, paid, TEN));
    expect(page.shown('cancel', 'move')).toEqual(['cancel']);
  });

  it('shows what others wrote as words', async () => {
    await app.sql(`update service set name = '<img src=x onerror=alert(1)>' where id = $1`, [
      salon.serviceId,
    ]);
    const page = await pageOf(await bookAsGuest(app, salon, TEN));
    expect(page.text('what')).toBe('<img src=x onerror=alert(1)> with Stylist 1');
    expect((await app.as().get('/manage')).text).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write/,
    );
  });

  it('says of a dead link where the current one is', async () => {
    const page = await ManagePage.open(app, 'x'.repeat(43));
    expect(page.text('what')).toMatch(/^This link does not open a booking any more/);
    expect(page.shown('cancel', 'move', 'elsewhere')).toEqual([]);
  });
});
