/** What happens to one booking and its one payment; minutes of app time where a clock moves. */
export const HAPPENINGS = [
  'pay',
  'deliver',
  'deliver-reversed-twice',
  'deliver-after-72-hours',
  'poll',
  'forge',
  'hold-runs-out',
  'somebody-takes-the-time',
  'customer-cancels',
  'amount-off-by-one',
  'other-currency',
  'wrong-livemode',
  'provider-out',
  'provider-back',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

export const PRICE = 8500;
export const START_AFTER_MINUTES = 5 * 24 * 60;
const [HOLD, VISIT, DAY] = [10, 60, 24 * 60];

/** How the books stand, as the database is asked. `atProvider`: what the payer's side says. */
export interface Books {
  booking: 'held' | 'confirmed' | 'completed' | 'cancelled' | 'expired';
  payment: 'open' | 'succeeded' | 'quarantined' | 'canceled';
  paid: number;
  refunded: number;
  causes: string[];
}

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

  happen(what: Happening): void {
    switch (what) {
      case 'pay':
        if (this.atProvider === 'payable') this.atProvider = 'paid';
        break;
      case 'deliver':
      case 'deliver-reversed-twice':
      case 'poll':
        this.order('look');
        break;
      case 'deliver-after-72-hours':
        this.pass(3 * DAY);
        this.order('look');
        break;
      case 'hold-runs-out':
        this.pass(HOLD + 1);
        break;
      case 'somebody-takes-the-time':
        this.isTaken ||= !this.occupies();
        break;
      case 'customer-cancels':
        this.cancel();
        break;
      case 'amount-off-by-one':
      case 'other-currency':
      case 'wrong-livemode':
        if (this.atProvider === 'payable') this.isStrange = true;
        break;
      case 'provider-out':
        this.isOut = true;
        break;
      case 'provider-back':
        this.isOut = false;
        for (const order of [...this.owed]) this.order(order);
        break;
      case 'forge':
        break;
    }
  }

  private occupies(): boolean {
    return this.books.booking === 'confirmed' || this.books.booking === 'held';
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
