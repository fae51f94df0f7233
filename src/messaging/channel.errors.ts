/** `retry`: certainly or possibly not taken, try later. `unknown`: it may have been taken, ask before anything else. */
export type FailureKind = 'permanent' | 'retry' | 'unknown' | 'opted-out';

/** What a channel knows of a call that did not succeed. */
export interface FailureFacts {
  readonly kind: FailureKind;
  /** In plain words for staff, without personal data. */
  readonly reason: string;
  readonly code?: number | null;
  readonly httpStatus?: number | null;
  /** The provider's own minimum wait. */
  readonly retryAfterMs?: number | null;
  /** True when the provider may have taken it nevertheless: look it up before sending again. */
  readonly mayHaveBeenSent?: boolean;
}

/** The only error a channel's calls reject with. */
export class ChannelFailure extends Error {
  readonly kind: FailureKind;
  readonly reason: string;
  readonly code: number | null;
  readonly httpStatus: number | null;
  readonly retryAfterMs: number | null;
  readonly mayHaveBeenSent: boolean;

  constructor(facts: FailureFacts) {
    super(`${facts.kind}: ${facts.reason}`);
    this.name = 'ChannelFailure';
    this.kind = facts.kind;
    this.reason = facts.reason;
    this.code = facts.code ?? null;
    this.httpStatus = facts.httpStatus ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.mayHaveBeenSent = facts.mayHaveBeenSent ?? facts.kind === 'unknown';
  }
}
