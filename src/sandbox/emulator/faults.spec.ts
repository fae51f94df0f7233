import { FaultList, parseFaultRules, type FaultyCall } from './faults.js';

const aCall = (change: Partial<FaultyCall> = {}): FaultyCall => ({
  provider: 'twilio',
  method: 'POST',
  path: '/2010-04-01/Accounts/AC1/Messages.json',
  to: '+15551230003',
  ...change,
});

describe('the fault rules', () => {
  it('hit only what they name: service, method, path and recipient', () => {
    const faults = new FaultList();
    faults.replace([
      { match: { provider: 'twilio', method: 'get', path: 'Messages', to: '0003' }, status: 500 },
    ]);
    expect(faults.take(aCall())).toBeUndefined();
    expect(faults.take(aCall({ method: 'GET', provider: 'smtp' }))).toBeUndefined();
    expect(faults.take(aCall({ method: 'GET', path: '/2010-04-01/Accounts/AC1.json' }))).toBeUndefined();
    expect(faults.take(aCall({ method: 'GET', to: '+15551230004' }))).toBeUndefined();
    expect(faults.take(aCall({ method: 'GET', to: undefined }))).toBeUndefined();
    expect(faults.take(aCall({ method: 'GET' }))).toMatchObject({ status: 500 });
  });

  it('wear off after the given number of times, and then let the next rule act', () => {
    const faults = new FaultList();
    faults.replace([{ times: 2, status: 503 }, { latencyMs: 5 }]);
    expect([1, 2, 3].map(() => faults.take(aCall())?.status)).toEqual([503, 503, undefined]);
    expect(faults.list().map((rule) => rule.hits)).toEqual([2, 1]);
    faults.replace([]);
    expect(faults.take(aCall())).toBeUndefined();
  });

  it.each([
    [null],
    [{}],
    [{ rules: 'none' }],
    [{ rules: [null] }],
    [{ rules: [{ stauts: 500 }] }],
    [{ rules: [{ status: 200 }] }],
    [{ rules: [{ reset: 'during' }] }],
    [{ rules: [{ match: { provider: 'nobody' } }] }],
    [{ rules: [{ match: [] }] }],
    [{ rules: [{ toString: 1 }] }],
  ])('refuse what they do not understand: %j', (body) => {
    expect(() => parseFaultRules(body)).toThrow(TypeError);
  });

  it('accept everything they document', () => {
    const rule = {
      match: { provider: 'smtp', method: 'DATA', path: '', to: '@example.com' },
      ...{ latencyMs: 1, status: 451, code: 20429, retryAfter: 2, reset: 'after', hold: true, garbage: true },
      ...{ loseCallbacks: true, duplicateCallbacks: true, callbackDelayMs: 0, finalStatus: 'failed' },
      ...{ errorCode: 30003, times: 1 },
    };
    expect(() => parseFaultRules({ rules: [rule] })).toThrow(TypeError);
    expect(parseFaultRules({ rules: [{ ...rule, match: { ...rule.match, path: 'x' } }] })).toHaveLength(1);
  });
});
