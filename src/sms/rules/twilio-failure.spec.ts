import { twilioError } from './twilio-errors.js';
import { classifyTwilioFailure } from './twilio-failure.js';

describe('an error code of Twilio', () => {
  it.each([
    [20003, 'config'],
    [20404, 'config'],
    [20429, 'retry'],
    [21211, 'permanent'],
    [21212, 'config'],
    [21408, 'permanent'],
    [21602, 'permanent'],
    [21603, 'config'],
    [21604, 'permanent'],
    [21606, 'config'],
    [21610, 'opted-out'],
    [21611, 'retry'],
    [21612, 'permanent'],
    [21614, 'permanent'],
    [21617, 'permanent'],
    [30003, 'retry'],
    [30005, 'permanent'],
    [30006, 'permanent'],
    [30007, 'permanent'],
    [30008, 'unknown'],
    [30034, 'config'],
  ])('%i is %s, with a sentence and advice for staff', (code, kind) => {
    const told = twilioError(code);
    expect(told.kind).toBe(kind);
    expect(told.reason).toMatch(/^[A-Z].{10,}\.$/);
    expect(told.advice).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('that nobody knows is named and linked', () => {
    expect(twilioError(99999)).toEqual({
      kind: 'unknown',
      reason: 'Twilio reported error 99999.',
      advice: 'See https://www.twilio.com/docs/api/errors/99999.',
    });
  });

  it.each([null, undefined, 0])('that is missing (%s) has a general answer', (code) => {
    expect(twilioError(code).reason).toBe('Twilio reported an error without a code.');
  });
});

describe('a failed attempt to send a text', () => {
  it.each([
    [{ httpStatus: 400, code: 21211 }, 'failed', false],
    [{ httpStatus: 400, code: 21408 }, 'failed', false],
    [{ httpStatus: 400, code: 21614 }, 'failed', false],
    [{ httpStatus: 400, code: 21606 }, 'failed', false],
    [{ httpStatus: 400, code: 30034 }, 'failed', false],
    [{ httpStatus: 400, code: 21999 }, 'failed', false],
    [{ httpStatus: 400 }, 'failed', false],
    [{ httpStatus: 403 }, 'failed', false],
    [{ httpStatus: 404, code: 20404 }, 'failed', false],
    [{ httpStatus: 400, code: 21610 }, 'opted-out', false],
    [{ httpStatus: 400, code: 21611 }, 'retry', false],
    [{ httpStatus: 401, code: 20003 }, 'retry', false],
    [{ httpStatus: 401 }, 'retry', false],
    [{ httpStatus: 429, code: 20429 }, 'retry', false],
    [{ httpStatus: 429 }, 'retry', false],
    [{ httpStatus: 500 }, 'retry', true],
    [{ httpStatus: 503, code: 20503 }, 'retry', true],
    [{ httpStatus: 503, code: 21610 }, 'retry', true],
    [{ httpStatus: null, neverSent: true }, 'retry', false],
    [{ httpStatus: null }, 'unknown', true],
    [{ httpStatus: null, neverSent: false }, 'unknown', true],
    [{ httpStatus: 408 }, 'unknown', true],
    [{ httpStatus: 201 }, 'unknown', true],
    [{ httpStatus: 302 }, 'unknown', true],
  ] as const)('%j is %s; may have been sent: %s', (facts, outcome, mayHaveBeenSent) => {
    const failure = classifyTwilioFailure(facts);
    expect(failure).toMatchObject({ outcome, mayHaveBeenSent });
    expect(failure.reason).toMatch(/\.$/);
    expect(failure.advice).toMatch(/\.$/);
  });

  it.each([
    ['3', 3000],
    [1.5, 1500],
    [' 0 ', 0],
    ['86400', 3_600_000],
    ['Wed, 21 Oct 2030 07:28:00 GMT', null],
    ['-5', null],
    ['soon', null],
    [null, null],
    [undefined, null],
  ])('waits as long as Twilio asks: Retry-After %s is %s ms', (header, wait) => {
    const retryAfter = header === undefined ? {} : { retryAfter: header };
    expect(classifyTwilioFailure({ httpStatus: 429, ...retryAfter }).retryAfterMs).toBe(wait);
  });

  it('is told to staff in words, with the code', () => {
    expect(classifyTwilioFailure({ httpStatus: 400, code: 21614 })).toMatchObject({
      code: 21614,
      kind: 'permanent',
      reason: 'The number is not a mobile phone.',
    });
    expect(classifyTwilioFailure({ httpStatus: 500 })).toMatchObject({ code: null, kind: 'retry' });
  });
});
