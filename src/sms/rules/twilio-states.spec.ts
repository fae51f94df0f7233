import { providerStateOf } from './twilio-states.js';

describe('a status of Twilio', () => {
  it('is understood as one of ours', () => {
    expect(['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed'].map(providerStateOf)).toEqual([
      'queued',
      'sending',
      'sent',
      'delivered',
      'undelivered',
      'failed',
    ]);
    expect(providerStateOf('read')).toBe('delivered');
    expect(providerStateOf('canceled')).toBe('failed');
  });

  it('that is new to us, or missing, still means that they have the message', () => {
    expect(providerStateOf('teleported')).toBe('accepted');
    expect(providerStateOf(undefined)).toBe('accepted');
  });
});
