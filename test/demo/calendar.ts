import assert from 'node:assert/strict';
import type { Story } from './story.js';

/* The part of the demo that happens in Google Calendar: events appear, are dragged, block time; the connection breaks and heals. */

const DORA = { name: 'Dora', phone: '+15550100005' };
// The first working day after clocks change.
const MONDAY = '2030-03-11';
const [AT_TEN, AT_TWO] = [`${MONDAY}T10:00:00-04:00`, `${MONDAY}T14:00:00-04:00`];

interface Event {
  id: string;
  calendarId: string;
  summary: string;
  start: string;
}

export async function theCalendar(on: Story, owner: string, serviceId: string): Promise<void> {
  const { bookingId, event } = await appears(on, serviceId);
  await isDragged(on, owner, bookingId, event);
  await blocksTime(on, serviceId);
  await breaksAndHeals(on, owner, serviceId);
  await isConnected(on, owner);
}

async function eventsOf(on: Story): Promise<Event[]> {
  const { body } = await on.ask('GET', '/sandbox', 200);
  return body.events;
}

async function appears(on: Story, serviceId: string): Promise<{ bookingId: string; event: Event }> {
  on.tell(
    'Dora books Monday at ten. It is in the salon’s Google Calendar before she has put her phone away.',
  );
  const { body } = await on.ask('POST', '/api/bookings', 201, {
    body: { serviceId, start: AT_TEN, customer: DORA },
  });
  let event: Event | undefined;
  await on.until('the event is in the calendar', async () => {
    event = (await eventsOf(on)).find(({ summary, start }) => summary.includes('Dora') && start === AT_TEN);
    return event !== undefined;
  });
  assert(event);
  on.show(`🗓  ${event.summary}, ${event.start}`);
  await on.texts(DORA.phone, 2);
  return { bookingId: body.id, event };
}

async function isDragged(on: Story, owner: string, bookingId: string, event: Event): Promise<void> {
  on.tell('Grace drags it to two o’clock, in Google. The booking follows, and Dora is told.');
  const { calendarId, id: eventId } = event;
  const body = { calendarId, eventId, start: AT_TWO, end: `${MONDAY}T15:00:00-04:00` };
  await on.ask('POST', '/sandbox/calendar/move', 200, { body });
  await on.until('the booking has followed', async () => {
    const booking = await on.ask('GET', `/admin/bookings/${bookingId}`, 200, { token: owner });
    return booking.body.start === AT_TWO;
  });
  await on.texts(DORA.phone, 3);
}

async function blocksTime(on: Story, serviceId: string): Promise<void> {
  on.tell(
    'Grace writes a visit to the dentist into the calendar, that Monday from nine to twelve. Nobody can book her then.',
  );
  const starts = async (): Promise<string[]> => {
    const path = `/api/slots?serviceId=${serviceId}&from=${MONDAY}&to=${MONDAY}`;
    const { body } = await on.ask('GET', path, 200);
    return (body.days[0]?.slots ?? []).map(({ start }: { start: string }) => start.slice(11, 16));
  };
  assert((await starts()).includes('09:00'));
  const body = { start: `${MONDAY}T09:00:00-04:00`, end: `${MONDAY}T12:00:00-04:00`, summary: 'Dentist' };
  await on.ask('POST', '/sandbox/calendar/create', 200, { body });
  await on.until('the morning is taken', async () => !(await starts()).includes('09:00'));
  on.show(`free on that Monday: ${(await starts()).join(', ')}`);
}

async function breaksAndHeals(on: Story, owner: string, serviceId: string): Promise<void> {
  on.tell(
    'Somebody takes the consent back at Google. Bookings go on; the status page says so; once it is given again, all is made good.',
  );
  await on.ask('POST', '/sandbox/calendar/revoke', 200);
  const start = `${MONDAY}T16:00:00-04:00`;
  const customer = { name: 'Emil', phone: '+15550100006' };
  await on.ask('POST', '/api/bookings', 201, { body: { serviceId, start, customer } });
  await on.until('the status says that the calendar is down', async () => {
    const { body } = await on.ask('GET', '/admin/services/status', 200, { token: owner });
    return body.services.calendar.state === 'down';
  });
  on.show('calendar: down; everything else works');
  await on.ask('POST', '/sandbox/calendar/grant', 200);
  const { body } = await on.ask('GET', '/admin/calendar/connections', 200, { token: owner });
  await on.ask('POST', `/admin/calendar/connections/${body.data[0].id}/sync`, 200, { token: owner });
  await on.until('Emil is in the calendar', async () =>
    (await eventsOf(on)).some(({ summary }) => summary.includes('Emil')),
  );
  on.show('🗓  Emil is in the calendar');
}

async function isConnected(on: Story, owner: string): Promise<void> {
  on.tell('Grace has an account of her own as well. The owner opens a link, Grace agrees on Google’s page.');
  const { body } = await on.ask('GET', '/admin/calendar/oauth/start', 200, { token: owner });
  const agreed = new URLSearchParams([
    ...new URL(body.url).searchParams,
    ['answer', 'allow'],
    ['account', 'grace@example.com'],
  ]);
  const approve = new URL('/o/oauth2/approve', body.url);
  // A browser follows where Google sends it.
  const page = await fetch(approve, { method: 'POST', body: agreed });
  assert.match(await page.text(), /The calendar is connected/);
  const { body: connections } = await on.ask('GET', '/admin/calendar/connections', 200, { token: owner });
  const accounts = connections.data.map(
    ({ account, state }: { account: string | null; state: string }) =>
      `${account ?? 'the salon’s'}: ${state}`,
  );
  assert(accounts.includes('grace@example.com: ok'));
  on.show(accounts.join(', '));
}
