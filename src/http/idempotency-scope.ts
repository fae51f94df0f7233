import type { Actor } from '../common/actor.js';
import { normalizeEmail, normalizePhone } from '../common/contact.js';

/** Where a key counts: one account, customer or guest cannot meet another's keys. For nobody, `hashed` hides the contact. */
export function idempotencyScope(
  actor: Actor,
  body: unknown,
  ip: string,
  hashed: (text: string) => string,
): string {
  switch (actor.kind) {
    case 'staff':
      return `account:${actor.accountId}`;
    case 'customer':
      return `customer:${actor.customerId}`;
    case 'guest':
      return `guest:${actor.bookingId}`;
    case 'public':
    case 'system':
      return `contact:${hashed(contactOf(body) ?? `ip ${ip}`)}`;
  }
}

/** The same person writes their number in several ways; one who gives no contact at all is known by their address only. */
function contactOf(body: unknown): string | null {
  const customer = memberOf(body, 'customer');
  const phone = memberOf(customer, 'phone');
  const email = memberOf(customer, 'email');
  const normalPhone = typeof phone === 'string' ? (normalizePhone(phone) ?? phone) : '';
  const normalEmail = typeof email === 'string' ? (normalizeEmail(email) ?? email) : '';
  return normalPhone + normalEmail === '' ? null : `${normalPhone} ${normalEmail}`;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
