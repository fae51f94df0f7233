import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { WORKER, type StaffActor } from '../common/actor.js';
import { reportError } from '../common/error-reports.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { InvariantCheck } from './entities/invariant-check.entity.js';
import { INVARIANTS, type Invariant } from './invariants.sql.js';
import { INVARIANT_CHECKED, INVARIANTS_FORGET } from './sentinel.sql.js';

const HOUR_MS = 3_600_000;
/** A clock that is moved about brings all regular work forward; what is proven by the hour need not follow each leap. */
const RESTS_MS = 600_000;

/** An invariant with its last proof; null before the first. */
export interface ProvenInvariant {
  readonly name: string;
  readonly rule: string;
  readonly check: InvariantCheck | null;
}

interface Found {
  broken: number;
  sample: string[];
}

/** Proves once an hour that what must never happen has not, and keeps the proof for people and monitors. */
@Injectable()
export class Sentinel implements OnModuleInit {
  private readonly logger = new Logger(Sentinel.name);
  private provenAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(HOUR_MS, 'prove-invariants', () => this.proveInTurn());
  }

  /** Every invariant with its last proof, the broken first. */
  async list(actor: StaffActor): Promise<ProvenInvariant[]> {
    const checks = await this.database.transact(actor, (em) => em.find(InvariantCheck, {}));
    const proven = INVARIANTS.map(({ name, rule }) => ({
      ...{ name, rule },
      check: checks.find((check) => check.name === name) ?? null,
    }));
    return proven.toSorted((a, b) => Number(isBroken(b)) - Number(isBroken(a)));
  }

  /** Proves each by itself: one that takes long holds up no other, and locks nothing. */
  async prove(): Promise<void> {
    for (const invariant of INVARIANTS) await this.proveOne(invariant);
    const names = INVARIANTS.map(({ name }) => name);
    await this.database.transact(WORKER, (em) => run(em, INVARIANTS_FORGET, [names]));
  }

  private async proveInTurn(): Promise<void> {
    if (performance.now() - this.provenAtMs < RESTS_MS) return;
    this.provenAtMs = performance.now();
    await this.prove();
  }

  private async proveOne({ name, rule, statement }: Invariant): Promise<void> {
    const began = performance.now();
    await this.database.transact(WORKER, async (em) => {
      const [found] = await run<Found>(em, statement);
      const { broken, sample } = found ?? { broken: 0, sample: [] };
      const tookMs = Math.round(performance.now() - began);
      await run(em, INVARIANT_CHECKED, [name, broken, JSON.stringify(sample), tookMs]);
      if (broken === 0) return;
      this.logger.error({ invariant: name, rule, broken, sample });
      reportError(new Error(`${name}: ${rule}`), { invariant: name });
    });
  }
}

function isBroken({ check }: ProvenInvariant): boolean {
  return (check?.broken ?? 0) > 0;
}
