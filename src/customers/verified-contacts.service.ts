import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { NotFound } from '../common/domain-error.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { customerChanged } from './customers.events.js';
import { CustomersService } from './customers.service.js';
import { ContactTaken } from './customers.errors.js';
import { CONTACT_CLAIM, CONTACT_GUESTS, CONTACT_HOLDER, CUSTOMER_MERGE } from './customers.sql.js';
import { Customer } from './entities/customer.entity.js';

const NAMELESS = 'Customer';
const LONGEST_NOTES = 4_000;

/** A contact that its holder has proven in this transaction. */
export interface Proof {
  readonly channel: 'sms' | 'email';
  readonly contact: string;
}

/** Whose the contact is, and what came with it. */
export interface Holder {
  readonly customer: Customer;
  /** Whether nobody had proven it before. */
  readonly isNew: boolean;
  /** Guests whose bookings were given to the customer and who gave another contact beside it. */
  readonly joined: readonly string[];
}

interface GuestRow {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  notes: string | null;
}

/**
 * Proven contacts belong to one customer each (`customer_verified_phone_unique`, `customer_verified_email_unique`). Proving one
 * brings along what guests booked with exactly that contact; their other contact is not taken over, since nobody proved it.
 * Joins the caller's transaction, which must be the system's: a guest's rows are nobody else's.
 */
@Injectable()
export class VerifiedContacts {
  constructor(
    private readonly customers: CustomersService,
    private readonly outbox: Outbox,
  ) {}

  /** The customer who holds the contact; a new one when nobody does, called `name` or as the last guest was. */
  async holderOf(em: EntityManager, proof: Proof, now: Date, name: string | null): Promise<Holder> {
    await run(em, CONTACT_CLAIM, [proof.contact]);
    const known = await this.find(em, proof);
    const guests = await this.guestsOf(em, proof, known);
    const customer =
      known === null
        ? await this.customers.add(em, { name: name ?? guests.at(-1)?.name ?? NAMELESS }, now)
        : await em.findOneOrFail(Customer, known, { refresh: true });
    return this.claim(em, { customer, guests, proof, isNew: known === null }, now);
  }

  /** Gives a contact to a customer who is known already. Throws ContactTaken when another customer has proven it. */
  async giveTo(em: EntityManager, customerId: string, proof: Proof, now: Date): Promise<Holder> {
    await run(em, CONTACT_CLAIM, [proof.contact]);
    const known = await this.find(em, proof);
    if (known !== null && known !== customerId) throw new ContactTaken();
    const customer = await em.findOne(Customer, { id: customerId, erasedAt: null }, { refresh: true });
    if (!customer) throw new NotFound();
    const guests = await this.guestsOf(em, proof, customerId);
    return this.claim(em, { customer, guests, proof, isNew: known === null }, now);
  }

  private async claim(
    em: EntityManager,
    {
      customer,
      guests,
      proof,
      isNew,
    }: { customer: Customer; guests: GuestRow[]; proof: Proof; isNew: boolean },
    now: Date,
  ): Promise<Holder> {
    const before = proof.channel === 'sms' ? customer.phone : customer.email;
    customer.prove(proof.channel, proof.contact, now);
    const notes = [customer.notes, ...guests.map((guest) => guest.notes)].filter(Boolean).join('\n');
    customer.notes = notes === '' ? null : notes.slice(0, LONGEST_NOTES);
    await em.flush();
    for (const { id } of guests) await run(em, CUSTOMER_MERGE, [id, customer.id]);
    const isChanged = guests.length > 0 || before !== proof.contact;
    if (isChanged) await this.outbox.add(em, customerChanged(customer.id));
    const joined = guests.filter((guest) => hasAnother(guest, customer)).map(({ id }) => id);
    return { customer, isNew, joined };
  }

  private async find(em: EntityManager, proof: Proof): Promise<string | null> {
    const [row] = await run<{ id: string }>(em, CONTACT_HOLDER, columnsOf(proof));
    return row?.id ?? null;
  }

  private guestsOf(em: EntityManager, proof: Proof, keeper: string | null): Promise<GuestRow[]> {
    return run<GuestRow>(em, CONTACT_GUESTS, [...columnsOf(proof), keeper]);
  }
}

const columnsOf = ({ channel, contact }: Proof) => (channel === 'sms' ? [contact, null] : [null, contact]);

function hasAnother(guest: GuestRow, { phone, email }: Customer): boolean {
  return (guest.phone !== null && guest.phone !== phone) || (guest.email !== null && guest.email !== email);
}
