import { Injectable, Logger } from '@nestjs/common';
import { Conflict, NotFound } from '../common/domain-error.js';
import { Config } from '../config/config.js';
import type { FaultRule } from './emulator/faults.js';
import type { DisputeOutcome, PaymentOutcome, RefundOutcome } from './emulator/stripe-controls.js';
import type { InboundResult, InboundText } from './emulator/twilio-inbound.js';
import {
  SandboxClient,
  SandboxRefusal,
  type PaymentTarget,
  type SandboxFaults,
  type SandboxState,
} from './sandbox.client.js';
import { startSandbox } from './sandbox.process.js';
import { SandboxUnavailable } from './sandbox.errors.js';

/** The sandbox of this data folder, found anew for every call: it may have been started again meanwhile. */
@Injectable()
export class Sandbox {
  private readonly logger = new Logger(Sandbox.name);

  constructor(private readonly config: Config) {}

  /** What was sent, to everybody or to one recipient. */
  state(filter: { to?: string; since?: number }): Promise<SandboxState> {
    return this.ask((client) => client.state(filter));
  }

  faults(): Promise<SandboxFaults> {
    return this.ask((client) => client.listFaults());
  }

  /** Replaces all rules. */
  setFaults(rules: FaultRule[]): Promise<SandboxFaults> {
    return this.ask((client) => client.faults(rules));
  }

  /** Answers held back are let go as well. */
  clearFaults(): Promise<void> {
    return this.ask((client) => client.clearFaults());
  }

  /** A customer sends a text; resolves when our webhook has answered. */
  receive(text: InboundText): Promise<InboundResult> {
    return this.ask((client) => client.inbound(text));
  }

  /** A customer tries to pay; without a method with a card that works. */
  pay(target: PaymentTarget, paymentMethod: string | undefined): Promise<PaymentOutcome> {
    return this.ask((client) => client.pay(target, paymentMethod));
  }

  /** A customer does or does not prove who they are. */
  authenticate(target: PaymentTarget, outcome: 'success' | 'failure'): Promise<PaymentOutcome> {
    return this.ask((client) => client.authenticate(target, outcome));
  }

  /** Money under way arrives, or does not. */
  settle(target: PaymentTarget, outcome: 'success' | 'failure'): Promise<PaymentOutcome> {
    return this.ask((client) => client.settle(target, outcome));
  }

  /** The bank decides about a refund. */
  moveRefund(refund: string, status: 'succeeded' | 'failed' | 'canceled'): Promise<RefundOutcome> {
    return this.ask((client) => client.moveRefund(refund, status));
  }

  /** A customer disputes a payment, or the bank decides. */
  dispute(target: PaymentTarget, verdict: 'won' | 'lost' | undefined): Promise<DisputeOutcome> {
    return this.ask((client) => client.dispute(target, verdict));
  }

  /** Somebody does something in Google's calendar. */
  calendar<T>(act: (client: SandboxClient) => Promise<T>): Promise<T> {
    return this.ask(act);
  }

  private async ask<T>(question: (client: SandboxClient) => Promise<T>): Promise<T> {
    try {
      const { httpBase } = await startSandbox({ dataDir: this.config.dataDir });
      return await question(new SandboxClient(httpBase));
    } catch (error) {
      if (error instanceof SandboxRefusal && error.status === 404) throw new NotFound();
      if (error instanceof SandboxRefusal && error.status === 400) throw new Conflict(error.reason);
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
      throw new SandboxUnavailable();
    }
  }
}
