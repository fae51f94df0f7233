import { aPayment, aReceipt, aRefund } from './payment-rows.js';
import { at, portal, somebody } from './portal.js';
import type { OpenSalon } from './salon.js';
import type { TestApp } from './test-app.js';

/** Somebody with a word of their own wherever there is room for one. */
export async function fullOf(app: TestApp, salon: OpenSalon, canary: string) {
  const ada = await somebody(app, salon, at(7), at(8));
  const [first = '', second = ''] = ada.bookings;
  const profile = { name: `${canary} Name`, notesToSalon: `${canary} wish`, timeZone: 'Europe/London' };
  await ada.caller.patch(portal(ada.id, '/profile'), profile);
  await ada.caller.post(portal(ada.id, `/cancel/${second}`), { reason: `${canary} reason` });
  await app.sql('update booking set notes = $2 where id = $1', [first, `${canary} notes`]);
  await app.sql('update customer set notes = $2 where id = $1', [ada.id, `${canary} staff`]);
  const paymentId = await aPayment(app, { bookingId: first, last4: `471${canary.slice(-1)}` });
  await aReceipt(app, paymentId);
  await aRefund(app, { paymentId, reason: `${canary} refund` });
  await app.effectsDone();
  await app.sql(`update message set body = $2, subject = $3 where customer_id = $1`, [
    ada.id,
    `${canary} body`,
    `${canary} subject`,
  ]);
  return ada;
}
