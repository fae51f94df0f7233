import type { HttpAnswer } from './http-call.js';

/** What Google refuses, by its own reason; the domain says which of its services did. */
const REFUSALS = {
  required: { status: 400, domain: 'global', message: 'Required' },
  invalid: { status: 400, domain: 'global', message: 'Invalid Value' },
  timeRangeEmpty: { status: 400, domain: 'global', message: 'The specified time range is empty.' },
  authError: { status: 401, domain: 'global', message: 'Invalid Credentials' },
  rateLimitExceeded: { status: 403, domain: 'usageLimits', message: 'Rate Limit Exceeded' },
  quotaExceeded: { status: 403, domain: 'usageLimits', message: 'Calendar usage limits exceeded.' },
  forbidden: { status: 403, domain: 'global', message: 'Forbidden' },
  notFound: { status: 404, domain: 'global', message: 'Not Found' },
  duplicate: { status: 409, domain: 'global', message: 'The requested identifier already exists.' },
  deleted: { status: 410, domain: 'global', message: 'Resource has been deleted' },
  fullSyncRequired: {
    status: 410,
    domain: 'calendar',
    message: 'Sync token is no longer valid, a full sync is required.',
  },
  conditionNotMet: { status: 412, domain: 'global', message: 'Precondition Failed' },
  backendError: { status: 500, domain: 'global', message: 'Backend Error' },
} as const;

export type GoogleReason = keyof typeof REFUSALS;
// The keys of a constant are no more than were written down.
export const GOOGLE_REASONS = Object.keys(REFUSALS) as GoogleReason[];

/** Which reason stands for a status where a fault names none. */
const USUAL: Readonly<Record<number, GoogleReason>> = {
  401: 'authError',
  403: 'rateLimitExceeded',
  404: 'notFound',
  409: 'duplicate',
  410: 'fullSyncRequired',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
};

/** Refuses as Google does. */
export function refuseGoogle(reason: GoogleReason, status: number = REFUSALS[reason].status): HttpAnswer {
  const { domain, message } = REFUSALS[reason];
  return { status, json: { error: { errors: [{ domain, reason, message }], code: status, message } } };
}

/** Refuses with a status, for whichever of Google's reasons that usually is. */
export function refuseGoogleWith(status: number): HttpAnswer {
  return refuseGoogle(USUAL[status] ?? (status < 500 ? 'invalid' : 'backendError'), status);
}

/** Refuses a token as RFC 6749 §5.2 says. */
export function refuseToken(error: 'invalid_grant' | 'invalid_client' | 'invalid_request'): HttpAnswer {
  const descriptions = {
    invalid_grant: 'Token has been expired or revoked.',
    invalid_client: 'The OAuth client was not found.',
    invalid_request: 'Missing or wrong parameter.',
  };
  return {
    status: error === 'invalid_client' ? 401 : 400,
    json: { error, error_description: descriptions[error] },
  };
}
