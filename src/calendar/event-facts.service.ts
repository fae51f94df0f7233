import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { paymentStatusOf } from '../bookings/booking.view.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { BusinessService } from '../business/business.service.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { ConsentService } from '../customers/consent.service.js';
import { Customer } from '../customers/entities/customer.entity.js';
import type { EventFacts } from './rules/desired-event.js';

/** Gathers what a booking's event is made of, as the running transaction sees it. */
@Injectable()
export class EventFactsReader {
  constructor(
    private readonly business: BusinessService,
    private readonly consents: ConsentService,
  ) {}

  /** Null when there is no such booking. */
  async of(em: EntityManager, bookingId: string): Promise<(EventFacts & { version: number }) | null> {
    const booking = await em.findOne(Booking, bookingId, { refresh: true });
    if (!booking) return null;
    const customer = await em.findOneOrFail(Customer, booking.customerId);
    const staff = await em.findOneOrFail(Resource, booking.resourceId);
    const consents = await this.consents.latest(em, booking.customerId);
    const salon = await this.business.get(em);
    const { reference, revision, status, startsAt, endsAt, serviceName, totalMinor, currency, version } =
      booking;
    return {
      ...{
        bookingId,
        reference,
        revision,
        status,
        startsAt,
        endsAt,
        serviceName,
        totalMinor,
        currency,
        version,
      },
      staffName: staff.name,
      paymentStatus: paymentStatusOf({ ...booking, paymentSignal: booking.paymentSignal ?? null }),
      customer: { name: customer.name, phone: customer.phone ?? null, email: customer.email ?? null },
      isInvited: consents.calendar_invitation === true,
      details: salon.calendarDetails,
      salon: { name: salon.name, address: salon.address, timeZone: salon.timeZone, locale: salon.locale },
    };
  }
}
