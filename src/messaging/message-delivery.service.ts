import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { sendingsTotal } from '../common/metrics.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { together } from '../database/together.js';
import { failpoint } from '../common/failpoint.js';
import { IntegrationStatusBoard } from '../outbox/integration-status.service.js';
import { LostClaim, RetryLater } from '../outbox/outbox.types.js';
import { ChannelFailure } from './channel.errors.js';
import type { ChannelPort, Receipt } from './channel.port.js';
import { ChannelRegistry } from './channel.registry.js';
import { MessageAttempt, type AttemptOutcome } from './entities/message-attempt.entity.js';
import { Message } from './entities/message.entity.js';
import { MessageFallback } from './message-fallback.service.js';
import { MessageWriter } from './message-writer.service.js';
import { MESSAGE_ACCEPTED } from './messaging.sql.js';
import { movedTo } from './moved-values.js';
import type { BegunAttempt, Ticket } from './pipeline.types.js';
import { retryDelayMs } from './rules/retry-delay.js';

/** After this part of the lease between claim and call somebody else may have the message before the call has ended. */
const STALE_PART = 2 / 3;
/** How soon after an unknown end the provider is asked for the first time. */
const FIRST_LOOK_MS = 1_000;

/** How an attempt ended, and how long to wait before somebody looks again; null: nothing is left to do. */
interface Ending {
  readonly failure: ChannelFailure | null;
  readonly retryMs: number | null;
}

const NOTHING_LEFT: Ending = { failure: null, retryMs: null };

/** The call to the provider, outside any transaction, and transaction B, which writes down what came of it. */
@Injectable()
export class MessageDelivery {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRegistry,
    private readonly board: IntegrationStatusBoard,
    private readonly writer: MessageWriter,
    private readonly fallback: MessageFallback,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** What failed for good is returned; what is worth another attempt is written down and thrown as RetryLater. */
  async deliver(
    { attemptId, channel: name, outgoing, begunAtMs }: BegunAttempt,
    ticket: Ticket,
  ): Promise<ChannelFailure | null> {
    failpoint('message.after-begin');
    const channel = this.channels.of(name);
    await channel.ready();
    if (performance.now() - (ticket.claimedAtMs ?? begunAtMs) > this.config.outboxLeaseMs * STALE_PART)
      return this.neverCalled(attemptId, outgoing.id);
    const result = await channel.send(outgoing).catch(asFailure);
    const outcome = result instanceof ChannelFailure ? result.kind : 'accepted';
    sendingsTotal.inc({ channel: name, outcome });
    failpoint('message.after-call');
    const isPlain =
      !(result instanceof ChannelFailure) &&
      (await this.acceptedPlainly(outgoing.id, attemptId, ticket, result));
    const ending = isPlain
      ? NOTHING_LEFT
      : await this.database.transact(WORKER, async (em, now) => {
          const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
          const [message, attempt] = await together([
            em.findOneOrFail(Message, outgoing.id, lock),
            em.findOne(MessageAttempt, { id: attemptId, finishedAt: null }, lock),
          ]);
          if (!attempt) throw new LostClaim();
          failpoint('message.before-settle');
          const parts = { em, message, attempt, ticket, now };
          return result instanceof ChannelFailure
            ? this.failed(parts, result, channel)
            : this.accepted(parts, result);
        });
    await this.tell(channel, ending.failure);
    if (ending.retryMs !== null) throw new RetryLater(ending.failure?.message ?? 'try again', ending.retryMs);
    return ending.failure;
  }

  /** Whoever stood still knows at least that nothing was sent, unless somebody else took over meanwhile. */
  private async neverCalled(attemptId: string, messageId: string): Promise<never> {
    await this.database.transact(WORKER, async (em) => {
      const message = await em.findOneOrFail(Message, messageId, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const attempt = await em.findOne(MessageAttempt, { id: attemptId, finishedAt: null });
      if (!attempt) throw new LostClaim();
      this.close(attempt, 'refused');
      message.planAgain('It was not sent in time; it is tried again.');
    });
    throw new RetryLater('the process stood still before the call', 0);
  }

  /** The usual end in one statement. False, and nothing is written, where anything is not as it was left. */
  private async acceptedPlainly(
    messageId: string,
    attemptId: string,
    ticket: Ticket,
    receipt: Receipt,
  ): Promise<boolean> {
    if (ticket.id === null) return false;
    failpoint('message.before-settle');
    failpoint('outbox.before-settle');
    const values = [...movedTo(messageId, receipt), attemptId, ticket.id, ticket.attempt];
    if ((await this.database.execute(WORKER, MESSAGE_ACCEPTED, values)).length === 0) return false;
    ticket.wasSettled();
    return true;
  }

  /** The provider has it: message, attempt and outbox row end their part together. */
  async accepted({ em, message, attempt, ticket, now }: Parts, receipt: Receipt): Promise<Ending> {
    this.close(attempt, 'accepted', receipt.providerId);
    message.providerId = receipt.providerId;
    message.moveTo(receipt.state, now);
    await together([ticket.settle(em), em.flush()]);
    return NOTHING_LEFT;
  }

  /** Ends an attempt, in real time. */
  close(attempt: MessageAttempt, outcome: AttemptOutcome, providerId: string | null = null): void {
    attempt.finishedAt = this.clock.realNow();
    attempt.outcome = outcome;
    attempt.providerId = providerId;
  }

  private async failed(parts: Parts, failure: ChannelFailure, channel: ChannelPort): Promise<Ending> {
    const { em, message, attempt, ticket, now } = parts;
    attempt.httpStatus = failure.httpStatus;
    attempt.errorCode = failure.code;
    if (message.providerId)
      return this.accepted(parts, { providerId: message.providerId, state: 'accepted' });
    if (failure.kind === 'permanent' || failure.kind === 'opted-out') {
      this.close(attempt, 'failed');
      message.moveTo('failed', now, { reason: failure.reason, errorCode: failure.code });
      if (failure.kind === 'opted-out') await this.recordOptOut(em, message);
      await this.fallback.afterFailure(em, message, now);
      await ticket.settle(em);
      return { failure, retryMs: null };
    }
    const retryMs = retryDelayMs(attempt.number, failure.retryAfterMs);
    if (failure.mayHaveBeenSent && !channel.repeatIsHarmless) {
      message.moveTo('unknown', now, { reason: failure.reason, errorCode: failure.code });
      return { failure, retryMs: failure.kind === 'unknown' ? FIRST_LOOK_MS : retryMs };
    }
    this.close(attempt, failure.mayHaveBeenSent ? 'given-up' : 'refused');
    message.planAgain(failure.reason);
    if (!(await this.fallback.insteadOfLate(em, message, now, failure.reason))) return { failure, retryMs };
    await ticket.settle(em);
    return { failure, retryMs: null };
  }

  /** The carrier knew of a STOP before us. */
  private async recordOptOut(em: EntityManager, message: Message): Promise<void> {
    await em.flush();
    await this.writer.noteOptOut(em, message.toAddress);
  }

  /** Lets the status page know how the provider is doing; what it refuses for good, it answered. */
  async tell(channel: ChannelPort, failure: ChannelFailure | null): Promise<void> {
    const isOut = failure !== null && (failure.kind === 'retry' || failure.kind === 'unknown');
    if (isOut) await this.board.failed(channel.channel, failure.reason, channel.breaker);
    else await this.board.succeeded(channel.channel);
  }
}

interface Parts {
  readonly em: EntityManager;
  readonly message: Message;
  readonly attempt: MessageAttempt;
  readonly ticket: Ticket;
  readonly now: Date;
}

/** Adapters reject with ChannelFailure only; anything else is a fault of ours after which nobody knows what was sent. */
export function asFailure(error: unknown): ChannelFailure {
  if (error instanceof ChannelFailure) return error;
  return new ChannelFailure({ kind: 'unknown', reason: 'The sending ended with an unexpected error.' });
}
