import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run as execute } from '../database/statement.js';
import { RECURRING_DONE } from './outbox.sql.js';

/** Regular work that finds what is due in PostgreSQL; safe to run on any number of nodes at once. */
interface Task {
  name: string;
  everyMs: number;
  work: () => Promise<unknown>;
  running: Promise<void> | null;
}

/** Runs the regular work of every module on the nodes that have the worker's role: sweeps, repairs, clean-ups. */
@Injectable()
export class RecurringWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RecurringWork.name);
  private readonly tasks: Task[] = [];
  private stopped = false;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly database: Database,
  ) {}

  /** To be called while modules are set up; `everyMs` is real time. */
  every(everyMs: number, name: string, work: () => Promise<unknown>): void {
    this.tasks.push({ name, everyMs, work, running: null });
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.clock.onMoved(() => void this.runAll());
    for (const task of this.tasks) {
      this.scheduler.addInterval(task.name, setInterval(() => void this.run(task), task.everyMs).unref());
    }
  }

  /** Does everything now, for a clock that was moved: a round that began before saw the old time, so another follows it. */
  async runAll(): Promise<void> {
    await Promise.all(
      this.tasks.map(async (task) => {
        await task.running;
        await this.run(task);
      }),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.tasks.map((task) => task.running ?? Promise.resolve()));
  }

  /** One at a time: a slow round is never overtaken by the next. */
  private run(task: Task): Promise<void> {
    if (this.stopped) return Promise.resolve();
    task.running ??= this.round(task).finally(() => {
      task.running = null;
    });
    return task.running;
  }

  private async round({ name, everyMs, work }: Task): Promise<void> {
    const began = performance.now();
    const error = await work().then(
      () => null,
      (failure: unknown) => (failure instanceof Error ? failure.message : 'unknown'),
    );
    if (error !== null) this.logger.warn({ task: name, error });
    const tookMs = Math.round(performance.now() - began);
    const values = [name, Math.max(1, Math.round(everyMs / 1_000)), error?.slice(0, 300) ?? null, tookMs];
    // A database that is away is heard of in other ways.
    await this.database.transact(WORKER, (em) => execute(em, RECURRING_DONE, values)).catch(() => undefined);
  }
}
