import { OneOf, Text } from '../../common/fields/text.fields.js';
import { Bool, Int, ListOf, Nested } from '../../common/fields/value.fields.js';
import { GOOGLE_REASONS } from '../emulator/google-errors.js';
import { FINAL_STATUSES, PROVIDERS, RESETS, type FaultMatch, type FaultRule } from '../emulator/faults.js';

const LONGEST_MS = 600_000;

/** Which calls a fault hits; what is left out matches everything. */
export class FaultMatchRequest implements FaultMatch {
  @OneOf(PROVIDERS, { optional: true }) provider?: NonNullable<FaultMatch['provider']>;
  @Text({
    max: 10,
    optional: true,
    description: 'HTTP method; DATA for e-mail, WEBHOOK for Stripe’s, PUSH for Google’s',
  })
  method?: string;
  @Text({ max: 300, optional: true, description: 'Part of the path, or of an event’s type' }) path?: string;
  @Text({ max: 254, optional: true, description: 'The recipient, or how it ends' }) to?: string;
}

/** What goes wrong, for which calls and how often. */
export class FaultRuleRequest implements FaultRule {
  @Nested(() => FaultMatchRequest, { optional: true }) match?: FaultMatchRequest;
  @Int({ min: 0, max: 1_000_000, optional: true, description: 'How often; always when left out' })
  times?: number;
  @Int({ min: 0, max: LONGEST_MS, optional: true, description: 'Keeps the answer back' }) latencyMs?: number;
  @Int({ min: 400, max: 599, optional: true, description: 'Refuses with this status' }) status?: number;
  @Int({ min: 0, max: 99_999, optional: true, description: 'The provider’s own code beside the status' })
  code?: number;
  @OneOf(GOOGLE_REASONS, { optional: true, description: 'Google: its own reason beside the status' })
  reason?: NonNullable<FaultRule['reason']>;
  @Int({ min: 0, max: 86_400, optional: true, description: 'Seconds, as Retry-After' }) retryAfter?: number;
  @OneOf(RESETS, { optional: true, description: 'Breaks the connection before or after the work' })
  reset?: NonNullable<FaultRule['reset']>;
  @Bool({ optional: true, description: 'Does the work and never answers' }) hold?: boolean;
  @Bool({ optional: true, description: 'Does the work and answers nonsense' }) garbage?: boolean;
  @Bool({ optional: true, description: 'Does the work, then refuses with the status' }) afterWork?: boolean;
  @Bool({ optional: true, description: 'Stripe: keeps the work waiting' }) holdWork?: boolean;
  @Bool({ optional: true, description: 'Stripe: the refund waits for the bank' }) pendingRefund?: boolean;
  @Bool({ optional: true }) loseCallbacks?: boolean;
  @Bool({ optional: true }) duplicateCallbacks?: boolean;
  @Int({ min: 0, max: LONGEST_MS, optional: true, description: 'Between two delivery steps' })
  callbackDelayMs?: number;
  @Bool({ optional: true, description: 'Stripe: told after the next event' }) reorderCallbacks?: boolean;
  @Bool({ optional: true, description: 'Stripe: signed by a stranger' }) forgeCallbacks?: boolean;
  @Bool({ optional: true, description: 'Stripe: signed long ago' }) staleCallbacks?: boolean;
  @OneOf(FINAL_STATUSES, { optional: true, description: 'Where the delivery ends' })
  finalStatus?: NonNullable<FaultRule['finalStatus']>;
  @Int({ min: 0, max: 99_999, optional: true, description: 'Twilio’s code of a failed delivery' })
  errorCode?: number;
}

/** All rules from now on; the first that matches and is not used up acts. */
export class FaultsRequest {
  @ListOf(() => FaultRuleRequest, { max: 50 })
  rules!: FaultRuleRequest[];
}
