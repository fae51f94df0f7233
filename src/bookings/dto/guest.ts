import { ValidationFailed } from '../../common/domain-error.js';
import type { BookedFor, GuestContact } from '../booking-command.types.js';
import type { StaffBookingRequest } from './change-booking.request.js';
import { GuestRequest } from './create-booking.request.js';

/** A guest must say who they are, and how to reach them. */
export function guestOf(request: GuestRequest | undefined): GuestContact {
  if (!request) throw refused('/customer', 'required', 'is needed, since nobody is signed in');
  if (!request.phone && !request.email)
    throw refused('/customer/phone', 'contact', 'give a phone or an e-mail');
  return GuestRequest.contact(request);
}

/** Staff name a customer or describe a new one: exactly one of the two. */
export function bookedForOf(request: StaffBookingRequest): BookedFor {
  const { customerId, customer } = request;
  if (customerId && customer) throw refused('/customer', 'exclusive', 'give either customerId or customer');
  return customerId ? { customerId } : { guest: guestOf(customer) };
}

function refused(pointer: string, code: string, detail: string): ValidationFailed {
  return new ValidationFailed([{ pointer, code, detail }]);
}
