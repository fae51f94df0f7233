import { PRICE, START_AFTER_MINUTES, type Books, type Happening } from './payment-happenings.js';

const [HOLD, VISIT, DAY] = [10, 60, 24 * 60];

/** The rules of money, as a salon owner would tell them; shares no code with what is tested. */
export class PaymentModel {
  readonly books: Books = { booking: 'held', payment: 'open', paid: 0, refunded: 0, causes: [] };
  private now = 0;
  private atProvider: 'payable' | 'paid' | 'closed' = 'payable';
  private isStrange = false;
  private isTaken = false;
  private isOut = false;
  private quarantinedAt: number | null = null;
  private owed = new Set<'look' | 'close'>();

  private readonly rules: Record<Happening, () => unknown> = {
    pay: () => this.atProvider === 'payable' && (this.atProvider = 'paid'),
    deliver: () => this.order('look'),
    'deliver-reversed-twice': () => this.order('look'),
    'deliver-after-72-hours': () => (this.pass(3 * DAY), this.order('look')),
    poll: () => this.order('look'),
    forge: () => undefined,
    'hold-runs-out': () => this.pass(HOLD + 1),
    'somebody-takes-the-time': () => (this.isTaken ||= !['confirmed', 'held'].includes(this.books.booking)),
    'customer-cancels': () => this.cancel(),
    'amount-off-by-one': () => this.tamper(),
    'other-currency': () => this.tamper(),
    'wrong-livemode': () => this.tamper(),
    'provider-out': () => (this.isOut = true),
    'provider-back': () => ((this.isOut = false), [...this.owed].map((order) => this.order(order))),
  };

  happen(what: Happening): void {
    this.rules[what]();
  }

  private tamper(): void {
    if (this.atProvider === 'payable') this.isStrange = true;
  }

  private pass(minutes: number): void {
    this.now += minutes;
    if (this.quarantinedAt !== null && this.now >= this.quarantinedAt + DAY) this.giveBack('mismatch');
    if (this.books.booking === 'held' && this.now >= HOLD) this.end('expired');
    if (this.books.booking === 'confirmed' && this.now >= START_AFTER_MINUTES + VISIT + 120)
      this.books.booking = 'completed';
  }

  private cancel(): void {
    const { booking } = this.books;
    if (booking === 'held' && this.now < HOLD) this.end('cancelled');
    else if (booking === 'confirmed' && START_AFTER_MINUTES - this.now >= DAY) {
      this.end('cancelled');
      if (this.books.paid > this.books.refunded) this.giveBack('cancellation');
    }
  }

  private end(how: 'expired' | 'cancelled'): void {
    this.books.booking = how;
    this.order('close');
  }

  private order(what: 'look' | 'close'): void {
    if (this.isOut) return void this.owed.add(what);
    this.owed.delete(what);
    if (this.atProvider === 'paid') return this.settle();
    const isOver = this.books.booking === 'expired' || this.books.booking === 'cancelled';
    if ((what === 'close' || isOver) && this.books.payment === 'open') {
      this.atProvider = 'closed';
      this.books.payment = 'canceled';
    }
  }

  private settle(): void {
    const { books } = this;
    if (books.payment === 'succeeded' || books.payment === 'quarantined') return;
    if (this.isStrange) {
      books.payment = 'quarantined';
      this.quarantinedAt = this.now;
      return;
    }
    books.payment = 'succeeded';
    books.paid = PRICE;
    if (books.booking === 'held') books.booking = 'confirmed';
    else if (books.booking === 'expired' && !this.isTaken && this.now < START_AFTER_MINUTES)
      books.booking = 'confirmed';
    else this.giveBack('late');
  }

  private giveBack(cause: 'late' | 'cancellation' | 'mismatch'): void {
    this.books.causes.push(cause);
    if (cause === 'mismatch') this.quarantinedAt = null;
    else this.books.refunded = this.books.paid;
  }
}
