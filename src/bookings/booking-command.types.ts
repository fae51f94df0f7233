import type { ConsentPurpose } from '../customers/entities/consent.entity.js';

/** A person who books without an account. */
export interface GuestContact {
  name: string;
  phone: string | null;
  email: string | null;
  timeZone: string | null;
  locale: string | null;
}

/** Who the booking is for: a known customer, or somebody with these contacts. */
export type BookedFor = { customerId: string } | { guest: GuestContact };

/** What a booking needs to be told; end, price and status are the server's. */
export interface BookCommand {
  serviceId: string;
  staffId: string | null;
  start: Date;
  notes: string | null;
  consents: Partial<Record<ConsentPurpose, boolean>>;
}

/** What staff may do beyond the rules, each with a reason that is kept. */
export interface StaffLicence {
  waiveReason: string | null;
  overrideReason: string | null;
  /** Made elsewhere and brought along: nobody is told of it as if it were new. */
  isImport?: boolean;
}
