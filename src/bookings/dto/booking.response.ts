import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { formatWithOffset } from '../../common/time/format.js';
import { PAYMENT_POLICIES, type PaymentPolicy } from '../../catalog/entities/service.entity.js';
import { PAYMENT_STATUSES, paymentStatusOf, type BookingView, type PaymentStatus } from '../booking.view.js';
import { BOOKING_EVENT_TYPES, type BookingEventType } from '../entities/booking-event.entity.js';
import { BOOKING_STATUSES, type BookingStatus } from '../entities/booking.entity.js';

class NamedResponse {
  @Out.id() id!: string;
  @Out.text() name!: string;
}

class CustomerRefResponse {
  @Out.id() id!: string;
}

class HistoryResponse {
  @Out.oneOf(BOOKING_EVENT_TYPES) type!: BookingEventType;
  @Out.instant() at!: string;
  @Out.text({ description: 'What kind of actor: customer, guest, staff or system' }) by!: string;
  @Out.text({ nullable: true }) reason!: string | null;
}

/** A booking as its customer and the staff see it; times carry the salon's offset. */
export class BookingResponse {
  @Out.id() id!: string;
  @Out.text({ description: 'For people to say on the phone; never a credential', example: 'K7QF2M' })
  reference!: string;
  @Out.oneOf(BOOKING_STATUSES) status!: BookingStatus;
  @Out.int({ description: 'Grows with every change; the ETag' }) version!: number;
  @Out.int({ description: 'Grows when time, person or service change' }) revision!: number;
  @Out.object(() => NamedResponse) service!: NamedResponse;
  @Out.object(() => NamedResponse) staff!: NamedResponse;
  @Out.object(() => CustomerRefResponse) customer!: CustomerRefResponse;
  @Out.instant() start!: string;
  @Out.instant() end!: string;
  @Out.object(() => MoneyField) price!: MoneyField;
  @Out.oneOf(PAYMENT_POLICIES) paymentPolicy!: PaymentPolicy;
  @Out.oneOf(PAYMENT_STATUSES) paymentStatus!: PaymentStatus;
  @Out.object(() => MoneyField, { description: 'Still to be paid before it is confirmed' })
  amountDue!: MoneyField;
  @Out.instant({ nullable: true, description: 'An unpaid booking is given up then' }) holdExpiresAt!:
    | string
    | null;
  @Out.text({ nullable: true }) calendarEventId!: string | null;
  @Out.text({ nullable: true }) notes!: string | null;
  @Out.text({ nullable: true }) cancelReason!: string | null;
  @Out.list(() => HistoryResponse) history!: HistoryResponse[];
  @Out.texts({ optional: true, description: 'Rules that staff went past: codes of the problem catalogue' })
  warnings?: string[];
  @Out.text({
    optional: true,
    description: 'A guest’s key to this booking, given once: exchange it at `POST /api/manage/session`',
  })
  manageToken?: string;

  /** For the customer or guest: reasons that staff wrote are for staff. */
  static forOwner(view: BookingView): BookingResponse {
    const history = view.history.map((line) => (isTheirs(line.by) ? line : { ...line, reason: null }));
    const cancelled = view.history.findLast((line) => line.type === 'cancelled');
    const cancelReason = cancelled && isTheirs(cancelled.by) ? view.cancelReason : null;
    return BookingResponse.from({ ...view, history, cancelReason });
  }

  static from(view: BookingView): BookingResponse {
    const at = (instant: Date) => formatWithOffset(instant, view.timeZone);
    const response: BookingResponse = {
      id: view.id,
      reference: view.reference,
      status: view.status,
      version: view.version,
      revision: view.revision,
      service: { id: view.serviceId, name: view.serviceName },
      staff: { id: view.resourceId, name: view.staffName },
      customer: { id: view.customerId },
      start: at(view.startsAt),
      end: at(view.endsAt),
      price: MoneyField.of(view.totalMinor, view.currency),
      paymentPolicy: view.paymentPolicy,
      paymentStatus: paymentStatusOf(view),
      amountDue: MoneyField.of(view.amountDueMinor, view.currency),
      holdExpiresAt: view.holdExpiresAt && at(view.holdExpiresAt),
      calendarEventId: view.calendarEventId,
      notes: view.notes,
      cancelReason: view.cancelReason,
      history: view.history.map((line) => ({ ...line, at: at(line.at) })),
    };
    if (view.warnings.length > 0) response.warnings = [...view.warnings];
    if (view.manageToken !== null) response.manageToken = view.manageToken;
    return response;
  }
}

const isTheirs = (by: string) => by === 'customer' || by === 'guest';
