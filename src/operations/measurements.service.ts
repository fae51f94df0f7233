import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Gauge } from 'prom-client';
import { WORKER } from '../common/actor.js';
import { registry } from '../common/metrics.js';
import { Database } from '../database/database.service.js';
import { run, type Statement } from '../database/statement.js';
import { FAILURE_STREAKS, INVARIANT_AGES, JOB_AGES, OPEN_TASKS } from './measurements.sql.js';
import { EFFECT_QUEUES } from './services-status.sql.js';

const gauge = (name: string, help: string, ...labelNames: string[]) =>
  new Gauge({ name: `lawrei_${name}`, help, labelNames, registers: [registry] });

const databaseUp = gauge('database_up', '1 while the database answers. Without it what follows is left out.');
const connections = gauge('database_connections', 'Connections of this process.', 'pool', 'state');
const waiting = gauge('effects_waiting', 'Effects that are due or being done.', 'handler');
const dead = gauge('effects_dead', 'Effects that were given up; a person has to look.', 'handler');
const oldest = gauge(
  'effects_oldest_due_seconds',
  'For how long the oldest of them has been due.',
  'handler',
);
const streaks = gauge('provider_failure_streak', 'Failures in a row, as workers last saw it.', 'provider');
const jobAges = gauge('job_success_age_seconds', 'Since regular work last succeeded.', 'job');
const jobIntervals = gauge('job_interval_seconds', 'How often regular work is done.', 'job');
const broken = gauge(
  'invariant_broken',
  'Rows that break what must always hold: never more than 0.',
  'invariant',
);
const proofAges = gauge('invariant_age_seconds', 'Since it was last proven.', 'invariant');
const openTasks = gauge('open_tasks', 'What waits for a person.', 'kind');

interface QueueRow {
  handler: string;
  waiting: number;
  dead: number;
  oldest_seconds: number | null;
}
interface JobRow {
  name: string;
  every_seconds: number;
  age_seconds: number | null;
}

/** Everything that is measured, as Prometheus reads it: this process's own, and what all of them share in the database. */
@Injectable()
export class Measurements {
  readonly contentType = registry.contentType;

  constructor(private readonly database: Database) {}

  /** Never rejects for a database that is away: that is what somebody wants to know then. */
  async text(): Promise<string> {
    this.ofPools();
    try {
      await this.database.transact(WORKER, (em) => this.ofDatabase(em));
      databaseUp.set(1);
    } catch {
      databaseUp.set(0);
      for (const shared of SHARED) shared.reset();
    }
    return registry.metrics();
  }

  private ofPools(): void {
    for (const pool of ['requests', 'workers'] as const) {
      const { totalCount, idleCount, waitingCount } = this.database.pools[pool];
      connections.set({ pool, state: 'busy' }, totalCount - idleCount);
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'waited-for' }, waitingCount);
    }
  }

  private async ofDatabase(em: EntityManager): Promise<void> {
    const rows = <Row>(statement: Statement) => run<Row>(em, statement);
    const queues = await rows<QueueRow>(EFFECT_QUEUES);
    const jobs = await rows<JobRow>(JOB_AGES);
    const proofs = await rows<{ name: string; broken: number; age_seconds: number }>(INVARIANT_AGES);
    const seen = await rows<{ name: string; failure_streak: number }>(FAILURE_STREAKS);
    const [tasks] = await rows<Record<string, number>>(OPEN_TASKS);
    for (const shared of SHARED) shared.reset();
    // One row for each way messages travel; here they are one handler's.
    for (const [handler, own] of Map.groupBy(queues, (queue) => queue.handler)) {
      waiting.set(
        { handler },
        own.reduce((sum, queue) => sum + queue.waiting, 0),
      );
      dead.set(
        { handler },
        own.reduce((sum, queue) => sum + queue.dead, 0),
      );
      oldest.set({ handler }, Math.max(...own.map((queue) => queue.oldest_seconds ?? 0)));
    }
    for (const { name, every_seconds, age_seconds } of jobs) {
      jobIntervals.set({ job: name }, every_seconds);
      if (age_seconds !== null) jobAges.set({ job: name }, age_seconds);
    }
    for (const { name, ...proof } of proofs) {
      broken.set({ invariant: name }, proof.broken);
      proofAges.set({ invariant: name }, proof.age_seconds);
    }
    for (const { name, failure_streak } of seen) streaks.set({ provider: name }, failure_streak);
    for (const [kind, count] of Object.entries(tasks ?? {})) openTasks.set({ kind }, count);
  }
}

const SHARED = [waiting, dead, oldest, streaks, jobAges, jobIntervals, broken, proofAges, openTasks];
