import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { PoolClient, QueryResultRow } from 'pg';
import type { Actor } from '../common/actor.js';
import type { DatabaseClock } from '../common/clock.js';
import { DomainError, Unavailable } from '../common/domain-error.js';
import { allAtOnce, runAll, type Bound } from './batch.js';
import { clientOf, kyselyOf } from './client-kysely.js';
import { detached } from './detached.js';
import { isBusy, isRetryable } from './errors.js';
import { LONGEST_LINE, type Pools } from './pools.js';
import type { Answers, Question, Seen } from './question.js';
import { run, statement, type Statement } from './statement.js';
import { WhileAway } from './while-away.js';

const MOST_RETRIES = 3;

/** Tells row-level security who acts and `app_now()` how far app time is ahead, and reads both clocks, in one round trip. */
const CONTEXT = statement(
  'context',
  `select set_config('app.actor_kind', $1, true), set_config('app.customer_id', $2, true),
  set_config('app.booking_id', $3, true), set_config('app.clock_offset_ms', offset_ms::text, true),
  (extract(epoch from now()) * 1000)::float8 as real_ms, offset_ms::float8 as offset_ms from app_clock`,
);

const BEGIN = { statement: statement('begin', 'begin'), values: [] };
/** Prepared like the others, so that it leaves in one write with what is sent beside it. */
const COMMIT = statement('commit', 'commit');

interface Clocks extends QueryResultRow {
  readonly real_ms: number;
  readonly offset_ms: number;
}

interface Results {
  readonly now: Date;
  readonly results: readonly QueryResultRow[][];
}

interface Running {
  readonly em: EntityManager;
  readonly now: Date;
  actor: Actor;
  /** Work that outlives its transaction must not join it. */
  over: boolean;
  readonly afterCommit: (() => void)[];
}

const storage = new AsyncLocalStorage<Running>();

function current(): Running | undefined {
  const found = storage.getStore();
  return found?.over ? undefined : found;
}

/** Work inside one transaction; `now` is app time at its begin, the instant of the whole command. */
export type Work<T> = (em: EntityManager, now: Date) => Promise<T>;

/** Opens transactions. There is no other way into one; a lint rule sees to that. */
export class Database {
  private readonly away = new WhileAway();

  constructor(
    private readonly orm: MikroORM,
    readonly pools: Pools,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Runs one command in one transaction as `actor`: row-level security sees the actor, what `em` holds is flushed,
   * and everything commits or nothing does. Inside a running transaction it joins that one. Serialisation failures
   * and deadlocks are tried again up to three times; for a server that is away it waits up to five seconds; an overloaded database is `Unavailable`.
   */
  async transact<T>(actor: Actor, work: Work<T>): Promise<T> {
    const outer = current();
    if (outer) return this.join(outer, actor, work);
    return this.retried(() => this.once(actor, work));
  }

  /**
   * A transaction of its own that commits whatever becomes of the caller's: security counters, sign-in and denial
   * audits. It takes a second connection, so it is for the few paths that need it.
   */
  apart<T>(actor: Actor, work: Work<T>): Promise<T> {
    return storage.exit(() => this.transact(actor, work));
  }

  /**
   * One statement on tables without personal data, for the public's hottest reads. Nobody acts, so row-level security
   * shows it no customer's rows; it saves the three round trips of a transaction.
   */
  async readPublic<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    const outer = current();
    // A second connection while holding one could leave every holder waiting for another.
    if (outer) return run<Row>(outer.em, { name, text }, values);
    const pool = this.pools.requests;
    if (pool.waitingCount >= LONGEST_LINE) throw new Unavailable();
    try {
      const { rows } = await this.away.tried(() => pool.query({ name, text, values: [...values] }));
      return rows;
    } catch (error) {
      if (isBusy(error)) throw new Unavailable();
      throw error;
    }
  }

  /**
   * Statements that need nothing from each other, as `actor` in one transaction of their own, sent in one write and answered in one: one
   * round trip instead of three and more. All of them commit or none does; tried again like `transact`. When several answers throw, the
   * first of them is heard.
   */
  async ask<const T extends readonly Question<unknown>[]>(actor: Actor, questions: T): Promise<Answers<T>>;
  async ask(actor: Actor, questions: readonly Question<unknown>[]): Promise<unknown[]> {
    const { now, results } = await this.resultsOf(actor, questions);
    const seen: Seen = { now, as: (entity, rows) => detached(this.orm.em, entity, rows) };
    return questions.map((question, index) => question.answer(results[index] ?? [], seen));
  }

  /** One statement, as `ask` sends it. */
  async execute<Row extends QueryResultRow>(
    actor: Actor,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const [rows] = await this.ask(actor, [{ statement, values, answer: (found: Row[]) => found }]);
    return rows;
  }

  /** Whether the caller runs inside a transaction. */
  isInTransaction(): boolean {
    return current() !== undefined;
  }

  /** Calls back after the running transaction has committed, and never when it did not. */
  afterCommit(callback: () => void): void {
    const outer = current();
    if (!outer) throw new Error('afterCommit() outside transact()');
    outer.afterCommit.push(callback);
  }

  private async once<T>(actor: Actor, work: Work<T>): Promise<T> {
    const { client, now } = await this.away.tried(() => this.begin(actor));
    const afterCommit: (() => void)[] = [];
    let broken: Error | undefined;
    let result: T;
    try {
      result = await this.within(client, { actor, now, afterCommit }, work);
      const { command } = await client.query(COMMIT);
      if (command !== 'COMMIT')
        throw new Error('the transaction was rolled back by an error that was swallowed');
    } catch (error) {
      broken = await this.rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
    for (const callback of afterCommit) callback();
    return result;
  }

  private async begin(actor: Actor): Promise<{ client: PoolClient; now: Date }> {
    const client = await this.checkOut(actor);
    try {
      const [, context] = await allAtOnce(client, [BEGIN, contextOf(actor)]);
      return { client, now: this.told(context) };
    } catch (error) {
      client.release(await this.rollBack(client));
      throw error;
    }
  }

  private async resultsOf(actor: Actor, statements: readonly Bound[]): Promise<Results> {
    if (current())
      return this.transact(actor, async (em, now) => ({ now, results: await runAll(em, statements) }));
    return this.retried(() => this.sendAll(actor, statements));
  }

  private async sendAll(actor: Actor, statements: readonly Bound[]): Promise<Results> {
    const client = await this.away.tried(() => this.checkOut(actor));
    try {
      const [context, ...results] = await allAtOnce(client, [contextOf(actor), ...statements]);
      return { now: this.told(context), results };
    } finally {
      client.release();
    }
  }

  private async retried<T>(once: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once();
      } catch (error) {
        if (error instanceof DomainError) throw error;
        if (isRetryable(error) && attempt <= MOST_RETRIES) await sleep(Math.random() * 20 * 2 ** attempt);
        else throw isBusy(error) ? new Unavailable() : error;
      }
    }
  }

  private async within<T>(
    client: PoolClient,
    begun: Pick<Running, 'actor' | 'now' | 'afterCommit'>,
    work: Work<T>,
  ): Promise<T> {
    const em = this.orm.em.fork();
    em.setTransactionContext(kyselyOf(client));
    const inside: Running = { ...begun, em, over: false };
    try {
      return await storage.run(inside, async () => {
        const value = await work(em, begun.now);
        await em.flush();
        return value;
      });
    } finally {
      inside.over = true;
    }
  }

  /** A joined command may act as somebody else for its length (a guest's booking inside a keyed request). */
  private async join<T>(outer: Running, actor: Actor, work: Work<T>): Promise<T> {
    if (sameContext(outer.actor, actor)) return work(outer.em, outer.now);
    const before = outer.actor;
    const client = clientOf(outer.em.getTransactionContext());
    await outer.em.flush();
    await this.setContext(client, actor);
    outer.actor = actor;
    try {
      const result = await work(outer.em, outer.now);
      await outer.em.flush();
      await this.setContext(client, before);
      return result;
    } catch (error) {
      // Whoever swallows it goes on as themselves. After a failed statement this one is refused too, and so is the commit.
      await this.setContext(client, before).catch(() => undefined);
      throw error;
    } finally {
      outer.actor = before;
    }
  }

  private async checkOut(actor: Actor): Promise<PoolClient> {
    const worker = actor.kind === 'system' && actor.caller === 'worker';
    const pool = worker ? this.pools.workers : this.pools.requests;
    if (pool.waitingCount >= LONGEST_LINE) throw new Unavailable();
    return pool.connect();
  }

  private async setContext(client: PoolClient, actor: Actor): Promise<Date> {
    const { statement: asked, values } = contextOf(actor);
    const { rows } = await client.query({ ...asked, values: [...values] });
    return this.told(rows);
  }

  /** The app time of the transaction, from what `CONTEXT` answers. */
  private told(rows: readonly QueryResultRow[] = []): Date {
    const [clocks] = rows as readonly Clocks[];
    if (!clocks) throw new Error('the database did not tell the time');
    this.clock.follow(clocks.offset_ms);
    return new Date(Math.floor(clocks.real_ms + clocks.offset_ms));
  }

  private async rollBack(client: PoolClient): Promise<Error | undefined> {
    try {
      await client.query('rollback');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error('rollback failed');
    }
  }
}

function contextOf(actor: Actor): Bound {
  return {
    statement: CONTEXT,
    values: [
      actor.kind,
      actor.kind === 'customer' ? actor.customerId : '',
      actor.kind === 'guest' ? actor.bookingId : '',
    ],
  };
}

function sameContext(a: Actor, b: Actor): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'customer' && b.kind === 'customer') return a.customerId === b.customerId;
  if (a.kind === 'guest' && b.kind === 'guest') return a.bookingId === b.bookingId;
  return true;
}
