import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { currentRequestId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import type { Lane } from './lanes.js';
import { HandlerRegistry } from './handler.registry.js';
import { INBOX_PRUNE, OUTBOX_ADD, OUTBOX_IS_OPEN, OUTBOX_PRUNE, OUTBOX_REVIVE } from './outbox.sql.js';
import type { DomainEvent } from './outbox.types.js';
import { Wake } from './wake.js';

/** A row as the insert statement takes it. */
export interface OutboxRow {
  id: string;
  topic: string;
  handler: string;
  payload: DomainEvent['payload'];
  dedupeKey: string;
  lane: Lane;
  dueAt: string | null;
  expiresAt: string | null;
  requestId: string | null;
}

/** Writes down effects in the transaction of their cause. */
@Injectable()
export class Outbox {
  constructor(
    private readonly registry: HandlerRegistry,
    private readonly database: Database,
    private readonly wake: Wake,
  ) {}

  /** Joins the caller's transaction, and refuses to work without one: that is the whole point of an outbox. */
  async add(em: EntityManager, ...events: readonly DomainEvent[]): Promise<void> {
    const rows = this.rowsFor(...events);
    if (!em.isInTransaction()) throw new Error(`Outbox.add(${events[0]?.topic}) outside a transaction`);
    if (rows.length === 0) return;
    await run(em, OUTBOX_ADD, [JSON.stringify(rows)]);
    this.wakeAfterCommit();
  }

  /** Says at start which topics a module will tell of, so that one without a handler stops the start. */
  declare(topics: readonly string[]): void {
    this.registry.declare(topics);
  }

  /** One row for each handler of each event, for statements that insert them together with their cause. */
  rowsFor(...events: readonly DomainEvent[]): OutboxRow[] {
    return events.flatMap((event) =>
      this.registry.of(event.topic).map(({ name, lane = 'usual' }) => {
        const id = newId();
        return {
          id,
          topic: event.topic,
          handler: name,
          payload: event.payload,
          dedupeKey: `${name}/${event.dedupeKey ?? id}`,
          lane,
          dueAt: event.dueAt?.toISOString() ?? null,
          expiresAt: event.expiresAt?.toISOString() ?? null,
          requestId: currentRequestId(),
        };
      }),
    );
  }

  /** Whether a handler has still to do its part of an event, which has a dedupe key. */
  async isOpen(em: EntityManager, handler: string, { dedupeKey }: DomainEvent): Promise<boolean> {
    return (await run(em, OUTBOX_IS_OPEN, [`${handler}/${dedupeKey}`])).length > 0;
  }

  /** Gives a dead effect a fresh set of attempts; false when there is no dead effect of that id. */
  async revive(em: EntityManager, id: string): Promise<boolean> {
    const revived = await run(em, OUTBOX_REVIVE, [id]);
    if (revived.length > 0) this.wakeAfterCommit();
    return revived.length > 0;
  }

  /**
   * Forgets up to a thousand effects done more than a week ago, and deliveries of providers older than 30 days, which no
   * provider repeats; returns how many. Several processes may do it at once.
   */
  async prune(): Promise<number> {
    return this.database.transact(WORKER, async (em) => {
      const effects = await run(em, OUTBOX_PRUNE);
      const deliveries = await run(em, INBOX_PRUNE);
      return effects.length + deliveries.length;
    });
  }

  /** Rouses the relay once the running transaction has committed. */
  wakeAfterCommit(): void {
    this.database.afterCommit(() => this.wake.now());
  }
}
