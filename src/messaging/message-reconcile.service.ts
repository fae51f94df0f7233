import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { LostClaim, RetryLater } from '../outbox/outbox.types.js';
import { ChannelFailure } from './channel.errors.js';
import type { KnownMessage } from './channel.port.js';
import { ChannelRegistry } from './channel.registry.js';
import { MessageAttempt } from './entities/message-attempt.entity.js';
import { Message } from './entities/message.entity.js';
import { asFailure, MessageDelivery } from './message-delivery.service.js';
import { MessageFallback } from './message-fallback.service.js';
import { KNOWN_PROVIDER_IDS } from './messaging.sql.js';
import type { Ticket, UnresolvedAttempt } from './pipeline.types.js';
import { bodyHash } from './rules/body-hash.js';
import { retryDelayMs } from './rules/retry-delay.js';

/** Clocks of two machines differ: the list is read this far back beyond the begin of the attempt. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
/** A list that stays out of reach for this many waits is a matter for people. */
const WAITS_BEFORE_PEOPLE = 30;
const MOST_BLIND_ENDS = 2;

/** `again`: a new attempt may begin at once. */
type Resolution =
  | { readonly kind: 'settled' | 'again' }
  | { readonly kind: 'wait'; readonly afterMs: number };

interface Parts {
  readonly em: EntityManager;
  readonly message: Message;
  readonly attempt: MessageAttempt;
  readonly ticket: Ticket;
  readonly now: Date;
}

/**
 * Finds out what became of an attempt without an answer, and never sends again before the provider's own list has said twice,
 * a minute apart, that it does not have the message.
 */
@Injectable()
export class MessageReconcile {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRegistry,
    private readonly delivery: MessageDelivery,
    private readonly fallback: MessageFallback,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** True when the message is free for a new attempt; throws RetryLater when it is too early to tell. */
  async resolve(unresolved: UnresolvedAttempt, ticket: Ticket): Promise<boolean> {
    const channel = this.channels.of(unresolved.channel);
    const since = new Date(unresolved.startedAt.getTime() - CLOCKS_DIFFER_MS);
    const answer = channel.repeatIsHarmless
      ? []
      : await channel.listSince(unresolved.to, since).catch(asFailure);
    const listed = answer instanceof ChannelFailure ? null : answer;
    if (answer instanceof ChannelFailure) await this.delivery.tell(channel, answer);
    const resolution = await this.database.transact(WORKER, async (em, now): Promise<Resolution> => {
      const message = await em.findOneOrFail(Message, unresolved.messageId, {
        lockMode: LockMode.PESSIMISTIC_WRITE,
      });
      const open = { id: unresolved.attemptId, finishedAt: null };
      const attempt = await em.findOne(MessageAttempt, open, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!attempt) throw new LostClaim();
      const parts = { em, message, attempt, ticket, now };
      if (message.providerId)
        return this.settle(parts, { providerId: message.providerId, state: 'accepted' });
      if (channel.repeatIsHarmless) return this.free(parts, 'given-up');
      if (listed === null) return this.unreachable(parts);
      const found = await this.match(em, listed, unresolved.bodyHash);
      return found ? this.settle(parts, found) : this.absent(parts);
    });
    if (resolution.kind === 'wait')
      throw new RetryLater('it is not known yet what became of the message', resolution.afterMs);
    return resolution.kind === 'again';
  }

  /** The newest with our text that belongs to no other message of ours. */
  private async match(
    em: EntityManager,
    listed: readonly KnownMessage[],
    hash: string,
  ): Promise<KnownMessage | null> {
    const same = listed.filter(({ body }) => bodyHash(body) === hash);
    if (same.length === 0) return null;
    const rows = await run<{ provider_id: string }>(em, KNOWN_PROVIDER_IDS, [
      same.map(({ providerId }) => providerId),
    ]);
    const known = new Set(rows.map((row) => row.provider_id));
    return same.find(({ providerId }) => !known.has(providerId)) ?? null;
  }

  private async settle(
    parts: Parts,
    receipt: Pick<KnownMessage, 'providerId' | 'state'>,
  ): Promise<Resolution> {
    await this.delivery.accepted(parts, receipt);
    return { kind: 'settled' };
  }

  private async absent(parts: Parts): Promise<Resolution> {
    const { em, message, attempt } = parts;
    const realNow = this.clock.realNow();
    const isRefused = (attempt.httpStatus ?? 0) >= 500;
    const missedFor = attempt.missedAt ? realNow.getTime() - attempt.missedAt.getTime() : 0;
    attempt.missedAt ??= realNow;
    if (!isRefused && missedFor < this.config.messageReconcileMs) {
      message.moveTo('unknown', parts.now, {
        reason: 'The provider does not have it yet; it is asked again.',
      });
      return { kind: 'wait', afterMs: this.config.messageReconcileMs - missedFor + 1 };
    }
    if (isRefused) return this.free(parts, 'absent');
    const blind = await em.count(MessageAttempt, {
      messageId: message.id,
      outcome: 'absent',
      httpStatus: null,
    });
    if (blind + 1 < MOST_BLIND_ENDS) return this.free(parts, 'absent');
    this.delivery.close(attempt, 'absent');
    message.moveTo('failed', parts.now, {
      reason: 'The provider did not answer, twice, and does not have it.',
    });
    await this.fallback.afterFailure(em, message, parts.now);
    await parts.ticket.settle(em);
    return { kind: 'settled' };
  }

  /** Nothing was sent for certain, or a second copy does no harm. */
  private async free({ message, attempt }: Parts, outcome: 'absent' | 'given-up'): Promise<Resolution> {
    this.delivery.close(attempt, outcome);
    message.planAgain('The first attempt did not reach the provider.');
    return { kind: 'again' };
  }

  /** The list does not answer either: wait, tell people after a while, and never send blindly. An e-mail may tell the same once more. */
  private async unreachable(parts: Parts): Promise<Resolution> {
    const { em, message, attempt, ticket, now } = parts;
    const waitedMs = this.clock.realNow().getTime() - attempt.startedAt.getTime();
    const reason =
      'It is not known whether this was sent: the provider answers neither the call nor the question.';
    message.moveTo('unknown', now, { reason });
    if (await this.fallback.insteadOfLate(em, message, now, reason)) return this.giveUp(parts);
    if (waitedMs >= WAITS_BEFORE_PEOPLE * this.config.messageReconcileMs) message.flag(now, reason);
    if (now < message.expiresAt)
      return {
        kind: 'wait',
        afterMs: retryDelayMs(ticket.attempt, Math.min(5_000, this.config.messageReconcileMs)),
      };
    message.flag(now, reason);
    message.moveTo('expired', now, { reason });
    return this.giveUp(parts);
  }

  private async giveUp({ em, attempt, ticket }: Parts): Promise<Resolution> {
    this.delivery.close(attempt, 'given-up');
    await ticket.settle(em);
    return { kind: 'settled' };
  }
}
