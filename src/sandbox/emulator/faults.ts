import { GOOGLE_REASONS, type GoogleReason } from './google-errors.js';

export const PROVIDERS = ['twilio', 'smtp', 'stripe', 'google'] as const;
export const RESETS = ['before', 'after'] as const;
export const FINAL_STATUSES = ['undelivered', 'failed', 'sent'] as const;

/** The method under which fault rules see what Stripe tells the app. */
export const STRIPE_WEBHOOK = 'WEBHOOK';

/** The method under which fault rules see what Google tells the app. */
export const GOOGLE_PUSH = 'PUSH';

/** Where telling the app is a call of its own, with its own rules. */
const TELLING: Partial<Record<ProviderName, string>> = { stripe: STRIPE_WEBHOOK, google: GOOGLE_PUSH };

/** The services the sandbox plays. */
export type ProviderName = (typeof PROVIDERS)[number];

/** Which calls a rule hits; what is left out matches everything. */
export interface FaultMatch {
  provider?: ProviderName;
  /** HTTP method; for e-mail always `DATA`, for Stripe's webhooks `WEBHOOK`, for Google's `PUSH`. */
  method?: string;
  /** Part of the path; for Stripe's webhooks of the event's type. */
  path?: string;
  /** The recipient, or how it ends: a whole number, its last digits, `@example.com`. */
  to?: string;
}

/** What goes wrong. Without `status` (but see `afterWork`) and `reset: 'before'` the work is done and logged as usual. */
export interface Fault {
  /** Keeps the answer back that long; the work is done at once, as a slow line does it. */
  latencyMs?: number;
  /** Refuses with this status (SMTP: reply code) and does no work. */
  status?: number;
  /** The provider's own error code beside `status`. */
  code?: number;
  /** Google: its own reason beside `status`. */
  reason?: GoogleReason;
  /** Seconds, sent as Retry-After beside `status`. */
  retryAfter?: number;
  /** Destroys the connection before the work, or after it was done and logged. */
  reset?: (typeof RESETS)[number];
  /** Does the work and keeps the answer back until released, or until the caller hangs up. */
  hold?: boolean;
  /** Does the work and answers 200 with something that is no JSON. */
  garbage?: boolean;
  /** Beside `status`: does the work first, as a server that breaks on the way back. Stripe answers its key so ever after. */
  afterWork?: boolean;
  /** Stripe: keeps the request waiting before its work, until released; the same idempotency key is refused meanwhile. */
  holdWork?: boolean;
  /** Stripe: the refund made by this call waits for the bank. */
  pendingRefund?: boolean;
  loseCallbacks?: boolean;
  duplicateCallbacks?: boolean;
  /** Milliseconds between two delivery steps; for Stripe before the first try. */
  callbackDelayMs?: number;
  /** Stripe: told only after the next event was. */
  reorderCallbacks?: boolean;
  /** Stripe: signed with a wrong secret. */
  forgeCallbacks?: boolean;
  /** Stripe: signed long ago, as a recorded call that is played again. */
  staleCallbacks?: boolean;
  /** Where the delivery ends; `sent` is a carrier without receipts. */
  finalStatus?: (typeof FINAL_STATUSES)[number];
  /** Twilio's code of a failed delivery, 30003 when left out. */
  errorCode?: number;
}

/** A fault, what it hits, and how often (without `times`: always). */
export interface FaultRule extends Fault {
  match?: FaultMatch;
  times?: number;
}

/** A rule as listed, with the number of calls it has hit. */
export type FaultReport = FaultRule & { hits: number };

/** A call as the rules see it. */
export interface FaultyCall {
  provider: ProviderName;
  method: string;
  path: string;
  to: string | undefined;
}

/** The list of rules; of several that match, the first that is not used up acts alone. */
export class FaultList {
  private rules: FaultReport[] = [];

  replace(rules: readonly FaultRule[]): void {
    this.rules = rules.map((rule) => ({ ...rule, hits: 0 }));
  }

  list(): readonly FaultReport[] {
    return this.rules;
  }

  /** Counts the hit, so call it once a request. */
  take(call: FaultyCall): Fault | undefined {
    const rule = this.rules.find(
      (candidate) =>
        candidate.hits < (candidate.times ?? Infinity) &&
        isMeantFor(candidate, call) &&
        isHit(candidate.match ?? {}, call),
    );
    if (rule) rule.hits += 1;
    return rule;
  }
}

/** Fields that say how the app is told. Where that is a call of its own, rules with one of these are for it. */
const CALLBACK_FIELDS = [
  'loseCallbacks',
  'duplicateCallbacks',
  'callbackDelayMs',
  'reorderCallbacks',
  'forgeCallbacks',
  'staleCallbacks',
] as const satisfies (keyof Fault)[];

function isMeantFor(rule: FaultRule, call: FaultyCall): boolean {
  const telling = TELLING[call.provider];
  if (telling === undefined) return true;
  return CALLBACK_FIELDS.some((field) => rule[field] !== undefined) === (call.method === telling);
}

function isHit(match: FaultMatch, call: FaultyCall): boolean {
  return (
    (match.provider === undefined || match.provider === call.provider) &&
    (match.method === undefined || match.method.toUpperCase() === call.method) &&
    (match.path === undefined || call.path.includes(match.path)) &&
    (match.to === undefined || (call.to ?? '').toLowerCase().endsWith(match.to.toLowerCase()))
  );
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isStatus: Check = (value) => isCount(value) && Number(value) >= 400 && Number(value) <= 599;
const isOneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value);

const MATCH_FIELDS: Record<keyof FaultMatch, Check> = {
  provider: isOneOf(PROVIDERS),
  method: isText,
  path: isText,
  to: isText,
};
const RULE_FIELDS: Record<keyof FaultRule, Check> = {
  match: (value) => isRecordOf(MATCH_FIELDS, value),
  latencyMs: isCount,
  status: isStatus,
  code: isCount,
  reason: isOneOf(GOOGLE_REASONS),
  retryAfter: isCount,
  reset: isOneOf(RESETS),
  hold: isFlag,
  garbage: isFlag,
  afterWork: isFlag,
  holdWork: isFlag,
  pendingRefund: isFlag,
  loseCallbacks: isFlag,
  duplicateCallbacks: isFlag,
  callbackDelayMs: isCount,
  reorderCallbacks: isFlag,
  forgeCallbacks: isFlag,
  staleCallbacks: isFlag,
  finalStatus: isOneOf(FINAL_STATUSES),
  errorCode: isCount,
  times: isCount,
};

/** Reads `{ rules: [...] }`; an unknown or malformed field throws, because a misspelt fault would silently test nothing. */
export function parseFaultRules(body: unknown): FaultRule[] {
  if (typeof body !== 'object' || body === null || !('rules' in body) || !Array.isArray(body.rules)) {
    throw new TypeError('expected { rules: [ … ] }');
  }
  return body.rules.map((rule: unknown, index) => {
    if (!isRule(rule)) throw new TypeError(`rule ${index} is malformed: ${JSON.stringify(rule)}`);
    return rule;
  });
}

function isRule(value: unknown): value is FaultRule {
  return isRecordOf(RULE_FIELDS, value);
}

function isRecordOf(fields: Record<string, Check>, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, held]) => Object.hasOwn(fields, key) && fields[key]?.(held));
}
