import { Out } from '../../common/fields/response.fields.js';
import { GOOGLE_REASONS } from '../emulator/google-errors.js';
import { FINAL_STATUSES, PROVIDERS, RESETS, type FaultReport } from '../emulator/faults.js';
import type { SandboxFaults } from '../sandbox.client.js';

/** Which calls a rule hits. */
export class FaultMatchResponse {
  @Out.oneOf(PROVIDERS, { optional: true }) provider?: string;
  @Out.text({ optional: true }) method?: string;
  @Out.text({ optional: true }) path?: string;
  @Out.text({ optional: true }) to?: string;
}

/** A rule in force, with how many calls it has hit. */
export class FaultRuleResponse {
  @Out.object(() => FaultMatchResponse, { optional: true }) match?: FaultMatchResponse;
  @Out.int({ optional: true }) times?: number;
  @Out.int({ optional: true }) latencyMs?: number;
  @Out.int({ optional: true }) status?: number;
  @Out.int({ optional: true }) code?: number;
  @Out.oneOf(GOOGLE_REASONS, { optional: true }) reason?: string;
  @Out.int({ optional: true }) retryAfter?: number;
  @Out.oneOf(RESETS, { optional: true }) reset?: string;
  @Out.bool({ optional: true }) hold?: boolean;
  @Out.bool({ optional: true }) garbage?: boolean;
  @Out.bool({ optional: true }) afterWork?: boolean;
  @Out.bool({ optional: true }) holdWork?: boolean;
  @Out.bool({ optional: true }) pendingRefund?: boolean;
  @Out.bool({ optional: true }) loseCallbacks?: boolean;
  @Out.bool({ optional: true }) duplicateCallbacks?: boolean;
  @Out.int({ optional: true }) callbackDelayMs?: number;
  @Out.bool({ optional: true }) reorderCallbacks?: boolean;
  @Out.bool({ optional: true }) forgeCallbacks?: boolean;
  @Out.bool({ optional: true }) staleCallbacks?: boolean;
  @Out.oneOf(FINAL_STATUSES, { optional: true }) finalStatus?: string;
  @Out.int({ optional: true }) errorCode?: number;
  @Out.int() hits!: number;

  static from(rule: FaultReport): FaultRuleResponse {
    return Object.assign(new FaultRuleResponse(), rule);
  }
}

/** The rules in force, and how many answers are being held back. */
export class FaultsResponse {
  @Out.list(() => FaultRuleResponse) rules!: FaultRuleResponse[];
  @Out.int() held!: number;

  static from({ rules, held }: SandboxFaults): FaultsResponse {
    return Object.assign(new FaultsResponse(), { rules: rules.map(FaultRuleResponse.from), held });
  }
}
