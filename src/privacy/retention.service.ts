import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER, type StaffActor } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { DATA_CLASSES, type DataClass } from '../database/retention.js';
import { run } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { Forgetting } from './forgetting.service.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { IDLE_COUNT, IDLE_PEOPLE, IDLE_STILL, NIGHT_END, NIGHT_TAKE, PERSON_LOCK } from './privacy.sql.js';
import { RetentionRules } from './retention-rules.service.js';
import type { Counts, Rules } from './retention.types.js';

const HOUR_MS = 3_600_000;
const BATCH = 200;
/** A night has an end; what is left goes the next. */
const MOST_BATCHES = 500;

/** Ends what is past its time: every night, and on paper whenever the owner asks. */
@Injectable()
export class Retention implements OnModuleInit {
  private readonly logger = new Logger(Retention.name);

  constructor(
    private readonly database: Database,
    private readonly registry: PersonalDataRegistry,
    private readonly forgetting: Forgetting,
    private readonly rules: RetentionRules,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(HOUR_MS, 'retention', () => this.night());
  }

  /** What would go if it were night now; nothing does. People with money on its way are counted and stay until that has ended. */
  async dryRun(actor: StaffActor): Promise<Counts> {
    return this.database.transact(actor, async (em) => {
      const rules = await this.rules.of(em);
      const [idle] = await run<{ rows: number }>(em, IDLE_COUNT, [rules.identity]);
      return countsOf(async (name) =>
        name === 'identity' ? (idle?.rows ?? 0) : this.registry.keeperOf(name).count(em, rules[name]),
      );
    });
  }

  /** Once a night, by one process; who finds it taken has nothing to do. Where a kind fails the others end, and the next hour tries again. */
  async night(): Promise<void> {
    const [taken] = await this.database.transact(WORKER, (em) => run<{ day: string }>(em, NIGHT_TAKE));
    if (!taken) return;
    const rules = await this.database.transact(WORKER, (em) => this.rules.of(em));
    const failed: DataClass[] = [];
    const cut = await countsOf((name) =>
      (name === 'identity' ? this.forgetIdle(rules) : this.cutAll(name, rules[name])).catch(
        (error: unknown) => {
          this.logger.warn({ dataClass: name, error: error instanceof Error ? error.message : 'unknown' });
          failed.push(name);
          return 0;
        },
      ),
    );
    if (failed.length === 0)
      await this.database.transact(WORKER, (em) => run(em, NIGHT_END, [taken.day, JSON.stringify(cut)]));
  }

  /** Batch by batch, each in a transaction of its own, so that nobody waits long for a lock. */
  private async cutAll(name: DataClass, months: number): Promise<number> {
    const keeper = this.registry.keeperOf(name);
    let all = 0;
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const cut = await this.database.transact(WORKER, (em) => keeper.cut(em, months, BATCH));
      all += cut;
      if (cut === 0) return all;
    }
    return all;
  }

  private async forgetIdle({ identity }: Rules): Promise<number> {
    let all = 0;
    let after: string | null = null;
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const values: unknown[] = [identity, after, BATCH];
      const people = await this.database.transact(WORKER, (em) =>
        run<{ id: string }>(em, IDLE_PEOPLE, values),
      );
      for (const { id } of people) if (await this.forgetOne(id, identity)) all += 1;
      const last = people.at(-1);
      if (!last) return all;
      after = last.id;
    }
    return all;
  }

  /** One who cannot be forgotten now must not keep the others from it. */
  private async forgetOne(customerId: string, months: number): Promise<boolean> {
    try {
      return await this.database.transact(WORKER, (em, now) =>
        this.forgetIfIdle(em, customerId, months, now),
      );
    } catch (error) {
      this.logger.warn({ customerId, error: error instanceof Error ? error.message : 'unknown' });
      return false;
    }
  }

  private async forgetIfIdle(em: EntityManager, customerId: string, months: number, now: Date) {
    await run(em, PERSON_LOCK, [customerId]);
    if ((await run(em, IDLE_STILL, [months, customerId])).length === 0) return false;
    if ((await this.registry.blockers(em, customerId)).length > 0) return false;
    await this.forgetting.forget(em, WORKER, customerId, now, 'retention');
    return true;
  }
}

/** One kind after the other. */
async function countsOf(count: (name: DataClass) => Promise<number>): Promise<Counts> {
  const counts = { identity: 0, notes: 0, messages: 0, bookings: 0, payments: 0, consents: 0, audit: 0 };
  for (const name of DATA_CLASSES) counts[name] = await count(name);
  return counts;
}
