import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { ExaminedByDoctor, failure, ok, warning, type Checkup, type Finding } from '../common/checkup.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { DATABASE_FACTS } from './database.checkup.sql.js';
import { Readiness } from './readiness.service.js';

const OLDEST = 150_000;
const MOST_SKEW_MS = 2_000;

interface Facts {
  version_num: number;
  version: string;
  real_ms: number;
  offset_ms: number;
  is_mighty: boolean;
  has_owner: boolean;
}

/** Whether the database is new enough, migrated, no more trusting than it must be, and of one time with this machine. */
@Injectable()
@ExaminedByDoctor()
export class DatabaseCheckup implements Checkup {
  readonly part = 'database';

  constructor(
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly clock: Clock,
  ) {}

  async examine(): Promise<Finding[]> {
    try {
      const applied = await this.readiness.prove();
      const [facts] = await this.database.transact(WORKER, (em) => run<Facts>(em, DATABASE_FACTS));
      return facts
        ? findingsOf(facts, applied, Math.abs(this.clock.realNow().getTime() - facts.real_ms))
        : [];
    } catch (error) {
      const words = error instanceof Error ? error.message : 'unknown';
      return [
        failure(
          `The database cannot be used: ${words}`,
          'Check DATABASE_URL, or start once with the owner’s to migrate.',
        ),
      ];
    }
  }
}

function findingsOf(facts: Facts, applied: number, skewMs: number): Finding[] {
  return [
    facts.version_num >= OLDEST
      ? ok(`PostgreSQL ${facts.version}, ${applied} migrations.`)
      : failure(`PostgreSQL ${facts.version} is too old.`, 'Use version 15 or newer.'),
    facts.is_mighty
      ? failure(
          'The application’s role may pass by row-level security.',
          'Let DATABASE_APP_URL be a role without SUPERUSER and BYPASSRLS.',
        )
      : ok('The application’s role is held to row-level security.'),
    skewMs <= MOST_SKEW_MS
      ? ok('Its clock is this machine’s.')
      : failure(
          `Its clock and this machine’s differ by ${Math.round(skewMs / 1_000)} s.`,
          'Run a time daemon on both.',
        ),
    facts.offset_ms === 0
      ? ok('App time is real time.')
      : warning('App time was moved in the sandbox.', 'POST /sandbox/clock with {"reset":true} ends it.'),
    facts.has_owner
      ? ok('Somebody is the owner.')
      : failure(
          'No owner can sign in.',
          'npm run lawrei -- account:create --email you@example.com --role owner',
        ),
  ];
}
