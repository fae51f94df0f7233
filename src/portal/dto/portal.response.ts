import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { formatWithOffset } from '../../common/time/format.js';
import { BookingResponse } from '../../bookings/dto/booking.response.js';
import { UpcomingBookingResponse } from '../../bookings/dto/upcoming-booking.response.js';
import type { Standing } from '../../bookings/own-bookings.service.js';
import { PaymentResponse } from '../../payments/dto/payment.response.js';
import type { Happening, PaidBooking, WholePortal } from '../portal.service.js';
import { ProfileResponse } from './profile.response.js';

class FavouriteResponse {
  @Out.id() id!: string;
  @Out.text() name!: string;
  @Out.int({ description: 'How often', example: 4 }) visits!: number;
}

class SpentResponse {
  @Out.object(() => MoneyField, { description: 'What came and did not go back' }) total!: MoneyField;
  @Out.object(() => MoneyField, { description: 'For each booking that was paid for' }) average!: MoneyField;
}

/** A customer's record in numbers. Holds that ran out were no bookings. */
export class StatsResponse {
  @Out.int({ example: 7 }) totalBookings!: number;
  @Out.int({ example: 5 }) completed!: number;
  @Out.int({ example: 1 }) cancelled!: number;
  @Out.int({ example: 0 }) noShows!: number;
  @Out.list(() => SpentResponse, { description: 'By currency' }) spent!: SpentResponse[];
  @Out.object(() => FavouriteResponse, { nullable: true }) favouriteService!: FavouriteResponse | null;
  @Out.object(() => FavouriteResponse, { nullable: true }) favouriteStaff!: FavouriteResponse | null;
  @Out.instant({ nullable: true }) firstVisit!: string | null;
  @Out.instant({ nullable: true }) lastVisit!: string | null;
  @Out.instant({ nullable: true }) nextVisit!: string | null;

  static from(standing: Standing): StatsResponse {
    const at = (ms: number | null) =>
      ms === null ? null : formatWithOffset(new Date(ms), standing.salon.timeZone);
    return {
      totalBookings: standing.total,
      completed: standing.completed,
      cancelled: standing.cancelled,
      noShows: standing.no_shows,
      spent: standing.spent.map(({ currency, minor, bookings }) => ({
        total: MoneyField.of(minor, currency),
        average: MoneyField.of(Math.round(minor / Math.max(1, bookings)), currency),
      })),
      favouriteService: standing.favourite_service,
      favouriteStaff: standing.favourite_staff,
      firstVisit: at(standing.first_visit_ms),
      lastVisit: at(standing.last_visit_ms),
      nextVisit: at(standing.next_visit_ms),
    };
  }
}

const KINDS = ['booking', 'payment', 'refund', 'message', 'account'] as const;

/** Something that happened, for a time line. */
export class ActivityResponse {
  @Out.instant() at!: string;
  @Out.oneOf(KINDS) kind!: (typeof KINDS)[number];
  @Out.text({
    description: 'What happened to it: a state, a family of messages, or an action',
    example: 'confirmed',
  })
  what!: string;
  @Out.id({ nullable: true }) bookingId!: string | null;

  static from(this: void, { at_ms, kind, what, booking_id }: Happening): ActivityResponse {
    return { at: new Date(at_ms).toISOString(), kind, what, bookingId: booking_id };
  }
}

export class ActivitiesResponse {
  @Out.list(() => ActivityResponse) data!: ActivityResponse[];
}

export class UpcomingResponse {
  @Out.list(() => UpcomingBookingResponse) data!: UpcomingBookingResponse[];
}

/** A booking of the past or the future with the money that was paid for it. */
export class PaidBookingResponse extends BookingResponse {
  @Out.list(() => PaymentResponse) payments!: PaymentResponse[];

  static of(this: void, { booking, payments }: PaidBooking): PaidBookingResponse {
    return { ...BookingResponse.forOwner(booking), payments: payments.map(PaymentResponse.forOwner) };
  }
}

/** The portal's first page in one answer. */
export class PortalResponse {
  @Out.object(() => ProfileResponse) profile!: ProfileResponse;
  @Out.object(() => StatsResponse) stats!: StatsResponse;
  @Out.list(() => UpcomingBookingResponse) upcoming!: UpcomingBookingResponse[];
  @Out.list(() => ActivityResponse, { description: 'The last 20 things that happened' })
  recentActivity!: ActivityResponse[];
  @Out.list(() => PaymentResponse, { description: 'The last 20; all of them: `…/payments`' })
  payments!: PaymentResponse[];

  static from({ customer, standing, upcoming, activity, payments }: WholePortal): PortalResponse {
    return {
      profile: ProfileResponse.from(customer),
      stats: StatsResponse.from(standing),
      upcoming: upcoming.map(UpcomingBookingResponse.of),
      recentActivity: activity.map(ActivityResponse.from),
      payments: payments.map(PaymentResponse.forOwner),
    };
  }
}
