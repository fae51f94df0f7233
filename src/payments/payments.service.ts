import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/core';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { BookingActor } from '../bookings/booking-changes.service.js';
import { BookingMoney } from '../bookings/booking-money.service.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { PUBLIC, WORKER } from '../common/actor.js';
import { Service } from '../catalog/entities/service.entity.js';
import { Clock } from '../common/clock.js';
import { failpoint } from '../common/failpoint.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Payment, type PaymentWay } from './entities/payment.entity.js';
import { PaymentFailure, PaymentGateway, type PaymentAsk, type PaymentTruth } from './payment.gateway.js';
import { PaymentSettling } from './payment-settling.service.js';
import { NothingToPay, PaymentRefused, PaymentUnderWay, ProviderUnavailable } from './payments.errors.js';
import { abandonPayment, PAYMENT_ORDERS, PAYMENT_TOPICS } from './payments.events.js';
import { whatToPay } from './rules/what-to-pay.js';

const MINUTE_MS = 60_000;
/** Stripe's pages live at least half an hour; ours closes a minute before the hold does. */
const PAGE_MS = 31 * MINUTE_MS;
const SHORTEST_PAGE_MS = 30 * MINUTE_MS + 10_000;
const HOLD_FOR_PAGE_MS = 32 * MINUTE_MS;

/** A payment and how its payer goes on. */
export interface StartedPayment {
  payment: Payment;
  truth: PaymentTruth;
  publishableKey: string;
  /** When the page closes; null for a form of the client's own. */
  closesAt: Date | null;
}

/** A row that is committed, with what the provider has to be told. */
interface Asking {
  payment: Payment;
  ask: PaymentAsk;
  email: string | null;
}

/** Asks customers for money. The row commits first, then the provider is called under the row's own key. */
@Injectable()
export class Payments implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(Payments.name);

  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly money: BookingMoney,
    private readonly settling: PaymentSettling,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.outbox.declare([...PAYMENT_TOPICS, ...PAYMENT_ORDERS]);
  }

  /** Without a provider, what wants money can only be confirmed at the desk: operators should know. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.gateway.mode !== 'unconfigured') return;
    const services = await this.database.transact(PUBLIC, (em) =>
      em.count(Service, { active: true, paymentPolicy: { $ne: 'none' } }),
    );
    if (services > 0)
      this.logger.warn(
        `${services} services want money and Stripe is not configured: their bookings are confirmed at the desk or expire.`,
      );
  }

  /** A form of the client's own (PaymentIntent), or a page of the provider's. Asked again it is the same payment. */
  async start(actor: BookingActor, bookingId: string, way: PaymentWay): Promise<StartedPayment> {
    if (this.gateway.mode === 'unconfigured') throw new ProviderUnavailable();
    for (let attempt = 0; ; attempt += 1) {
      const asking = await this.ask(actor, bookingId, way);
      const truth = await this.callProvider(asking, way);
      // Paid a moment ago, and its webhook still on the way: what was seen here is as good.
      if (truth.state === 'succeeded') throw new NothingToPay();
      if (truth.state === 'processing') throw new PaymentUnderWay();
      // An open row whose page or intent has ended meanwhile is ended with it, and the next one asked for.
      if (truth.state !== 'canceled' || attempt > 0) return this.started(asking, truth, way);
    }
  }

  private started({ payment }: Asking, truth: PaymentTruth, way: PaymentWay): StartedPayment {
    const closesAt = way === 'checkout' ? closingOf(payment) : null;
    return { payment, truth, publishableKey: this.gateway.publishableKey, closesAt };
  }

  /** Commits the row: the open one when it still fits, else a new one in its place. */
  private ask(actor: BookingActor, bookingId: string, way: PaymentWay): Promise<Asking> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await this.money.lockFor(em, actor, bookingId);
      const { purpose, amountMinor } = whatToPay(booking, now);
      const open = await em.find(
        Payment,
        { bookingId, state: { $in: ['open', 'processing'] } },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (open.some((payment) => payment.state === 'processing')) throw new PaymentUnderWay();
      const fits = (one: Payment) =>
        one.way === way && one.purpose === purpose && one.amountMinor === amountMinor && this.isAskable(one);
      const kept = open.find(fits);
      for (const other of open) if (other !== kept) await this.abandon(em, other);
      if (way === 'checkout')
        await this.money.lengthenHold(em, booking, new Date(now.getTime() + HOLD_FOR_PAGE_MS));
      const payment = kept ?? this.create(em, booking, { way, purpose, amountMinor }, now);
      await em.flush();
      // A guest sees their booking and not the person behind it: their page is not filled in for them.
      const customer = await em.findOne(Customer, booking.customerId);
      return { payment, email: customer?.email ?? null, ask: askOf(payment, booking) };
    });
  }

  private create(
    em: EntityManager,
    booking: Booking,
    asked: Pick<Payment, 'way' | 'purpose' | 'amountMinor'>,
    now: Date,
  ): Payment {
    const { id: bookingId, customerId, currency } = booking;
    return em.create(Payment, {
      id: newId(),
      bookingId,
      customerId,
      currency,
      ...asked,
      provider: 'stripe',
      state: 'open',
      createdAt: now,
      askedAt: this.clock.realNow(),
    });
  }

  /** Nobody shall pay it any more; should somebody have, the handler finds out. */
  private async abandon(em: EntityManager, payment: Payment): Promise<void> {
    payment.state = 'canceled';
    await em.flush();
    await this.outbox.add(em, abandonPayment(payment.id));
  }

  private async callProvider({ payment, ask, email }: Asking, way: PaymentWay): Promise<PaymentTruth> {
    failpoint('payment.before-create');
    try {
      const truth = way === 'intent' ? await this.intent(payment, ask) : await this.page(payment, ask, email);
      failpoint('payment.after-create');
      return truth;
    } catch (error) {
      if (!(error instanceof PaymentFailure)) throw error;
      if (error.httpStatus !== null) await this.giveUp(payment);
      throw error.kind === 'refused' ? new PaymentRefused(error.code) : new ProviderUnavailable();
    }
  }

  /** The provider has answered, and would answer the same to the same key: the next request is for a payment of its own. */
  private async giveUp({ id }: Payment): Promise<void> {
    await this.database.transact(WORKER, async (em, now) => {
      const locked = await this.settling.lock(em, id, now);
      if (locked?.payment.state === 'open') await this.abandon(em, locked.payment);
    });
  }

  /** A page that was never made has to be made at once: the provider takes none that would close within half an hour. */
  private isAskable({ way, sessionId, askedAt }: Payment): boolean {
    const age = this.clock.realNow().getTime() - askedAt.getTime();
    return way === 'intent' || Boolean(sessionId) || age < PAGE_MS - SHORTEST_PAGE_MS;
  }

  private async intent(payment: Payment, ask: PaymentAsk): Promise<PaymentTruth> {
    const known = payment.intentId;
    const truth = known ? await this.gateway.intent(known) : await this.gateway.createIntent(ask);
    if (!known || truth.state !== 'open') await this.keep(payment, truth, null);
    return truth;
  }

  private async page(payment: Payment, ask: PaymentAsk, email: string | null): Promise<PaymentTruth> {
    if (payment.sessionId) {
      const truth = await this.gateway.checkout(payment.sessionId);
      if (truth.state !== 'open') await this.keep(payment, truth, payment.sessionId);
      return truth;
    }
    const returnUrl = `${this.config.publicUrl}/manage`;
    const closesAt = closingOf(payment);
    const made = await this.gateway.createCheckout({ ...ask, email, closesAt, returnUrl });
    await this.keep(payment, made, made.sessionId);
    return made;
  }

  /** Writes down what the provider calls it, or that it has ended. */
  private async keep(payment: Payment, truth: PaymentTruth, sessionId: string | null): Promise<void> {
    await this.database.transact(WORKER, async (em, now) => {
      const kept = await this.settling.apply(em, payment.id, truth, now);
      if (kept && sessionId) kept.sessionId ??= sessionId;
    });
  }
}

/** Fixed by the row, so that a repeated request is the same request. Real time. */
function closingOf(payment: Payment): Date {
  return new Date(payment.askedAt.getTime() + PAGE_MS);
}

function askOf({ id, amountMinor, currency }: Payment, booking: Booking): PaymentAsk {
  const description = `${booking.serviceName}, ${booking.reference}`;
  const { id: bookingId, customerId } = booking;
  return { paymentId: id, bookingId, customerId, amountMinor, currency, description };
}
