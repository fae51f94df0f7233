import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Lane } from './lanes.js';

/** Something that happened, or must be done, told to every handler of its topic. Payloads hold ids only. */
export interface DomainEvent {
  /** Past tense for facts (`booking.cancelled`), an order for work (`message.send`). */
  readonly topic: string;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
  /** A second event with the same key does nothing; without one the event is unique. */
  readonly dedupeKey?: string;
  /** App time; now when left out. */
  readonly dueAt?: Date;
  /** App time after which the effect is pointless and is dropped. */
  readonly expiresAt?: Date;
}

/** An outbox row in the hands of its handler. */
export interface Effect {
  readonly id: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly payloadVersion: number;
  /** Which claim this is, counted from 1: the fence. */
  readonly attempt: number;
  /** `performance.now()` when the claim was asked for: its lease has run since then at most. */
  readonly claimedAtMs: number;
  /**
   * Marks the row done inside the handler's own transaction, and throws `LostClaim` when another worker owns the row
   * by now, which rolls that transaction back. A handler that does not call it is settled after it returns.
   */
  settle(em: EntityManager): Promise<void>;
  /** The handler settled it by a statement of its own, under the same fence. */
  wasSettled(): void;
  /** Puts the row back, due again at that app time, without counting a failure; inside the handler's transaction. */
  postpone(em: EntityManager, dueAt: Date): Promise<void>;
  /** Makes the row dead, for a person to decide about; inside the handler's transaction. */
  giveUp(em: EntityManager, reason: string): Promise<void>;
}

/** Does one kind of effect. Must be idempotent: it may be called again after a crash at any point. */
export interface OutboxHandler {
  handle(effect: Effect): Promise<void>;
}

/** Another worker claimed the row after our lease ran out: stop silently, undo what is open. */
export class LostClaim extends Error {}

/**
 * Asks for another attempt not before `afterMs` of real time (a provider's Retry-After, an open breaker). Waiting is no
 * failure and never makes a row dead: whoever asks for it must know when to give up.
 */
export class RetryLater extends Error {
  constructor(
    message: string,
    readonly afterMs: number,
  ) {
    super(message);
  }
}

/** Failing again would change nothing: the row goes to `dead` at once. */
export class Hopeless extends Error {}

export interface HandlerOptions {
  /** Topics handled; each event of one becomes a row of this handler. */
  topics: readonly [string, ...string[]];
  /** Unique name, kept in the rows. */
  name: string;
  /** Whom it calls, and so with which others it shares places; `usual` unless told. */
  lane?: Lane;
  /** Failures before a row is dead; 8 unless told. */
  maxFailures?: number;
}

export const OUTBOX_HANDLER_METADATA = 'lawrei:outbox-handler';

/** Registers a provider as an outbox handler; found by discovery at start. */
export const HandlesOutbox = (options: HandlerOptions) => SetMetadata(OUTBOX_HANDLER_METADATA, options);
