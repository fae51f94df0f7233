import { bodyHash } from './body-hash.js';

describe('the fingerprint of a text', () => {
  it('is the same for the same words and tells others apart', () => {
    expect(bodyHash('See you at 9:00 AM')).toBe(bodyHash('See you at 9:00 AM '));
    expect(bodyHash('See you at 9:00 AM')).not.toBe(bodyHash('See you at 9:30 AM'));
    expect(bodyHash('See you')).toMatch(/^[0-9a-f]{64}$/);
  });
});
