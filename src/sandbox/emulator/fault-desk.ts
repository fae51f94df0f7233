import { FaultList, type Fault, type FaultyCall } from './faults.js';
import { HeldAnswers } from './held-answers.js';
import type { Journal } from './journal.js';

/** What every emulated service asks before it works. Each hit is journalled, so that a test can count and time attempts. */
export class FaultDesk {
  readonly rules = new FaultList();
  readonly held = new HeldAnswers();

  constructor(private readonly journal: Journal) {}

  /** Counts as one use of the rule. */
  take(call: FaultyCall): Fault | undefined {
    const fault = this.rules.take(call);
    if (fault) this.journal.append('fault', { ...call, fault });
    return fault;
  }

  /** Without rules nothing is held back either. */
  clear(): void {
    this.rules.replace([]);
    this.held.releaseAll();
  }
}
