import { codeSentTo, signInBy, type Way } from './codes.js';
import { aGuestContact, bookAsGuest, type OpenSalon } from './salon.js';
import type { Caller, TestApp } from './test-app.js';

/** A local time of March 2030 in New York, before clocks change. */
export const at = (day: number, hour = '10:00') => `2030-03-${String(day).padStart(2, '0')}T${hour}:00-05:00`;

export const portal = (id: string, rest = '') => `/api/customer-portal/${id}${rest}`;

/** Somebody who has booked as a guest, once for each start, and signed in by e-mail since. */
export async function somebody(app: TestApp, salon: OpenSalon, ...starts: string[]) {
  const contact = aGuestContact();
  const bookings: string[] = [];
  for (const start of starts) {
    const booked = await bookAsGuest(app, salon, start, { customer: contact });
    if (booked.status !== 201) throw new Error(booked.text);
    bookings.push(booked.body.id);
  }
  const { id, token } = await signInBy(app, 'email', contact.email);
  return { ...contact, id, bookings, caller: app.as(token), token };
}

/** Gives a customer another contact, as they do it themselves. */
export async function addContact(app: TestApp, caller: Caller, id: string, channel: Way, to: string) {
  const asked = await caller.post(portal(id, '/contacts'), { channel, to });
  if (asked.status !== 202) throw new Error(asked.text);
  const told = { challengeId: asked.body.challengeId, code: await codeSentTo(app, to) };
  const proven = await caller.post(portal(id, '/contacts/verify'), told);
  if (proven.status !== 200) throw new Error(proven.text);
}
