import { newId } from '../../src/common/ids.js';
import { DAY, iso, MINUTE, YEAR, type Row } from './random-rows.js';
import { idOfLately, receiptOf, traceOf } from './random-traces.js';
import type { Random } from './random.js';

/** In the order in which they refer to each other. */
const TABLES = [
  ...['booking', 'allocation', 'payment', 'refund', 'receipt', 'message', 'booking_event', 'calendar_link'],
];
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A service, as far as its bookings need to know. */
export interface Offer {
  id: string;
  minutes: number;
  buffer: number;
  price: number;
}

/** Makes up bookings of every kind with their money and messages, as rows of the tables they belong into. */
export class RandomBookings {
  constructor(
    private readonly random: Random,
    private readonly services: readonly Offer[],
    private readonly customers: readonly string[],
  ) {}

  /** One person's bookings, one after the other, so that the time they take never overlaps. */
  of(staffId: string, count: number): Record<string, Row[]> {
    const { random } = this;
    const tables: Record<string, Row[]> = Object.fromEntries(TABLES.map((table) => [table, []]));
    const spare = (YEAR.ends - YEAR.begins) / MINUTE / count - 60;
    let at = YEAR.begins;
    for (let made = 0; made < count && at < YEAR.ends; made += 1) {
      at += Math.ceil((random.next() * 2 * Math.max(spare, 2)) / 5) * 5 * MINUTE;
      const offer = random.pick(this.services);
      this.one(staffId, offer, at, tables);
      at += (offer.minutes + offer.buffer) * MINUTE;
    }
    return tables;
  }

  private one(staffId: string, offer: Offer, start: number, tables: Record<string, Row[]>): void {
    const { random } = this;
    const [id, customer] = [idOfLately(random), random.pick(this.customers)];
    const end = start + offer.minutes * MINUTE;
    const created = start - Math.round(random.next() ** 3 * 45 * 1_440 - 20) * MINUTE;
    const status =
      end < YEAR.now
        ? random.pick([
            'completed',
            'completed',
            'completed',
            'completed',
            'no_show',
            'cancelled',
            'expired',
            'confirmed',
          ])
        : random.pick(['confirmed', 'confirmed', 'confirmed', 'cancelled', 'held']);
    const isCancelled = status === 'cancelled';
    const common = { booking_id: id, customer_id: customer };
    const money =
      status === 'held' || status === 'expired' ? [] : this.payments(common, offer, created, tables);
    const paid = money.reduce((sum, { paidMinor }) => sum + paidMinor, 0);
    tables['booking']?.push({
      ...{
        id,
        reference: nextReference(),
        customer_id: customer,
        service_id: offer.id,
        resource_id: staffId,
      },
      ...{ service_name: 'Something', starts_at: iso(start), ends_at: iso(end), status, currency: 'USD' },
      ...{ buffer_before_minutes: 0, buffer_after_minutes: offer.buffer, payment_policy: 'none' },
      hold_expires_at: status === 'held' ? iso(YEAR.now + DAY) : null,
      ...{ hold_lengthened: false, source: random.pick(['public', 'public', 'portal', 'staff']) },
      ...{ total_minor: offer.price, due_to_confirm_minor: 0, paid_minor: paid },
      refunded_minor: money.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0),
      payment_waived: random.next() < 0.05,
      ...{ policy_snapshot: {}, reference_start: iso(start), customer_moves: 0 },
      cancelled_by: isCancelled ? random.pick(['customer', 'customer', 'staff', 'system']) : null,
      cancelled_late: isCancelled ? random.next() < 0.5 : null,
      attendance_confirmed_at: random.next() < 0.15 ? iso(start - DAY) : null,
      ...{ created_at: iso(created), revision: 1, version: 1 },
    });
    const holdsTime = ['confirmed', 'completed', 'no_show', 'held'].includes(status);
    tables['allocation']?.push({
      ...{ id: newId(), booking_id: id, resource_id: staffId, active: holdsTime },
      during: `[${iso(start)},${iso(end + offer.buffer * MINUTE)})`,
      held_until: status === 'held' ? iso(YEAR.now + DAY) : null,
    });
    this.messages(common, start, created, tables);
    traceOf(random, { of: common, status, start, created }, tables);
  }

  private payments(of: Row, offer: Offer, created: number, tables: Record<string, Row[]>) {
    const { random } = this;
    const purposes = random.pick([[], ['full'], ['full'], ['deposit', 'balance']]);
    return purposes.map((purpose) => {
      const provider = random.pick(['stripe', 'stripe', 'stripe', 'cash', 'terminal']);
      const isStripe = provider === 'stripe';
      const state = isStripe
        ? random.pick([
            'succeeded',
            'succeeded',
            'succeeded',
            'succeeded',
            'open',
            'canceled',
            'processing',
            'quarantined',
          ])
        : 'succeeded';
      const amount = purpose === 'full' ? offer.price : offer.price / 2;
      const settled = created + random.int(1, 5_000) * MINUTE;
      const isPaid = state === 'succeeded';
      const refund =
        (isPaid || state === 'quarantined') && random.next() < 0.15 ? random.int(1, amount - 1) : 0;
      const isRefunded = refund > 0 && random.next() < 0.8;
      const dispute =
        isPaid && isStripe && random.next() < 0.05 ? random.pick(['open', 'won', 'lost']) : null;
      const id = newId();
      tables['payment']?.push({
        ...{
          id,
          ...of,
          purpose,
          provider,
          way: isStripe ? 'intent' : null,
          amount_minor: amount,
          currency: 'USD',
          state,
        },
        ...{ surplus: false, is_closed: state === 'canceled', refunded_minor: isRefunded ? refund : 0 },
        error_code: isStripe && random.next() < 0.2 ? random.pick(['card_declined', 'expired_card']) : null,
        strange_minor: state === 'quarantined' ? amount - 1 : null,
        strange_currency: state === 'quarantined' ? 'USD' : null,
        ...{ dispute_state: dispute, disputed_at: dispute ? iso(settled + 9 * DAY) : null },
        ...{
          created_at: iso(created),
          asked_at: iso(created),
          settled_at: isPaid ? iso(settled) : null,
          version: 1,
        },
      });
      if (isPaid) tables['receipt']?.push(...receiptOf(random, of, id, amount));
      if (refund > 0)
        tables['refund']?.push({
          ...{
            id: newId(),
            ...of,
            payment_id: id,
            cause: isPaid ? 'cancellation' : 'mismatch',
            cause_key: '',
          },
          ...{ amount_minor: refund, currency: 'USD', state: isRefunded ? 'succeeded' : 'failed' },
          ...{
            requested_at: iso(settled),
            settled_at: iso(settled + random.int(1, 20 * 1_440) * MINUTE),
            version: 1,
          },
        });
      return { paidMinor: isPaid ? amount : 0, refundedMinor: isPaid && isRefunded ? refund : 0 };
    });
  }

  private messages(of: Row, start: number, created: number, tables: Record<string, Row[]>): void {
    const { random } = this;
    const kinds = [
      ['sms', 'booking_confirmed', 'transactional', created],
      ['email', 'booking_confirmed', 'transactional', created],
      ...(random.next() < 0.6 ? [['sms', 'booking_reminder', 'reminder', start - DAY] as const] : []),
    ] as const;
    for (const [channel, family, kind, due] of kinds) {
      const state = random.pick(
        channel === 'email'
          ? ['sent', 'sent', 'sent', 'failed', 'superseded']
          : ['delivered', 'delivered', 'delivered', 'sent', 'undelivered', 'failed', 'superseded', 'planned'],
      );
      const isTaken = ['sent', 'delivered', 'undelivered'].includes(state);
      const isOver = !['sent', 'planned'].includes(state);
      const isBad = state === 'failed' || state === 'undelivered';
      const taken = due + random.int(0, 30) * 1_000;
      const isWritten = random.next() < 0.05;
      tables['message']?.push({
        ...{ id: newId(), ...of, direction: 'out', channel, class: kind, to_address: 'someone' },
        family: isWritten ? 'manual' : family,
        segments: channel === 'sms' && isTaken ? random.int(1, 3) : null,
        to_hash: `hash-of-${String(of['customer_id'])}`,
        ...{ dedupe_key: newId(), revision: 1, state, due_at: iso(due), expires_at: iso(start) },
        ...{
          error_code: isBad ? random.pick([30003, 30006, 21211]) : null,
          reason: isBad ? 'It failed.' : null,
        },
        ...{ automatic: !isWritten && random.next() < 0.95, created_at: iso(created) },
        ...{ accepted_at: isTaken ? iso(taken) : null, final_at: isOver ? iso(taken + 5_000) : null },
      });
    }
  }
}

let references = 0;

/** Six sayable characters, each time others; the seed has no part in them. */
function nextReference(): string {
  references += 1;
  let [left, text] = [references * 887, ''];
  for (let place = 0; place < 6; place += 1) {
    text += LETTERS[left % LETTERS.length] ?? '';
    left = Math.floor(left / LETTERS.length);
  }
  return text;
}
