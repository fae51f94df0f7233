import type { ProblemCode } from './problem.catalogue.js';

/** One violated rule of a request: where, which rule, in words. */
export interface FieldViolation {
  pointer: string;
  code: string;
  detail: string;
}

/**
 * A refusal by a rule of the business, without a word about HTTP. `detail` is for people and carries no personal
 * data; `extras` are further members of the problem document; `headers` go onto the answer.
 */
export abstract class DomainError extends Error {
  protected constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = new.target.name;
  }
}

/** Missing, or not yours: the same answer, because existence is itself private. */
export class NotFound extends DomainError {
  constructor() {
    super('not-found', 'There is nothing here, or it is not yours to see.');
  }
}

export class Unauthenticated extends DomainError {
  constructor() {
    super(
      'unauthenticated',
      'Sign in first: the request carries no valid token.',
      {},
      { 'www-authenticate': 'Bearer' },
    );
  }
}

export class Forbidden extends DomainError {
  constructor() {
    super('forbidden', 'Your role does not allow this.');
  }
}

/** Every violation of a request at once, so that a client need not ask five times. */
export class ValidationFailed extends DomainError {
  constructor(errors: readonly FieldViolation[]) {
    super('validation-failed', 'Some fields are not valid; see `errors`.', { errors });
  }
}

/** The person asked to be forgotten; said to staff only. */
export class Erased extends DomainError {
  constructor() {
    super('erased', 'The person asked for erasure; nothing is left to see.');
  }
}

export class Malformed extends DomainError {
  constructor(detail: string) {
    super('malformed', detail);
  }
}

/** Too busy just now; `retryAfterSeconds` says when to try again. */
export class Unavailable extends DomainError {
  constructor(retryAfterSeconds = 2) {
    super(
      'unavailable',
      'The service is busy; try again shortly.',
      {},
      { 'retry-after': String(retryAfterSeconds) },
    );
  }
}

export class VersionMismatch extends DomainError {
  constructor() {
    super('version-mismatch', 'It was changed since you read it; read it again and repeat.');
  }
}

export class PreconditionRequired extends DomainError {
  constructor() {
    super('precondition-required', 'Send If-Match with the ETag you read.');
  }
}

/** The wished name, e-mail or other unique value is taken. */
export class Conflict extends DomainError {
  constructor(detail: string) {
    super('conflict', detail);
  }
}

/** A request that breaks one rule of one field, found after validation (for example an unknown id in a body). */
export class FieldRefused extends ValidationFailed {
  constructor(pointer: string, code: string, detail: string) {
    super([{ pointer, code, detail }]);
  }
}

/** What leaves no way back needs a code proven in this session in the last ten minutes. */
export class StepUpRequired extends DomainError {
  constructor() {
    super('step-up-required', 'Confirm with a fresh code that it is you: `POST /api/auth/step-up`.');
  }
}

/** Too many requests of one caller, or too many wrong guesses; `retryAfterSeconds` says when the next one is heard. */
export class RateLimited extends DomainError {
  constructor(retryAfterSeconds: number) {
    super(
      'rate-limited',
      'Too many requests; wait before the next one.',
      {},
      { 'retry-after': String(retryAfterSeconds) },
    );
  }
}
