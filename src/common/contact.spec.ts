import { maskEmail, maskPhone, normalizeEmail, normalizePhone } from './contact.js';

describe('a phone number', () => {
  it.each([
    ['+15005550006', undefined, '+15005550006'],
    ['+15005550001', undefined, '+15005550001'],
    ['+1 555 010 1234', undefined, '+15550101234'],
    [' +1 (500) 555-0006 ', undefined, '+15005550006'],
    ['(500) 555-0006', 'US', '+15005550006'],
    ['555 010 1234', 'US', '+15550101234'],
    ['030 1234567', 'DE', '+49301234567'],
    ['+372 512 3456', 'US', '+3725123456'],
    ['+44 20 7946 0958', 'XX', '+442079460958'],
  ])('%j with country %s is stored as %s', (text, country, stored) => {
    expect(normalizePhone(text, country)).toBe(stored);
  });

  it.each([
    ['', 'US'],
    ['abc', 'US'],
    ['5551234', undefined],
    ['(500) 555-0006', undefined],
    ['(500) 555-0006', 'XX'],
    ['555-0123', 'US'],
    ['+1', undefined],
    ['+999123456', undefined],
    ['+15005550006 ext 5', undefined],
    ['call me +15005550006', undefined],
    ['+15005550006, +15005550007', undefined],
    ['+1500555000612345678', undefined],
    [`+1500555${'0'.repeat(60)}`, undefined],
  ])('%j with country %s is refused', (text, country) => {
    expect(normalizePhone(text, country)).toBeNull();
  });

  it('stays the same when it is normalised again', () => {
    expect(normalizePhone('+15005550006', 'DE')).toBe('+15005550006');
  });

  it('is hidden in lists but for its ends', () => {
    expect(maskPhone('+15005550006')).toBe('+1•••06');
    expect(maskPhone('+1234')).toBe('•••');
  });
});

describe('an e-mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+salon@Example.COM ', 'ada.lovelace+salon@example.com'],
  ])('%j is stored as %s', (text, stored) => {
    expect(normalizeEmail(text)).toBe(stored);
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'a b@example.com',
    'ada@example.com\nBcc: x@y.com',
  ])('%j is refused', (text) => {
    expect(normalizeEmail(text)).toBeNull();
  });

  it('is refused when longer than mail allows', () => {
    expect(normalizeEmail(`${'a'.repeat(60)}@${'b'.repeat(200)}.com`)).toBeNull();
  });

  it('is hidden in lists but for its first letter and its domain', () => {
    expect(maskEmail('ada@example.com')).toBe('a•••@example.com');
    expect(maskEmail('nonsense')).toBe('•••');
    expect(maskEmail('@example.com')).toBe('•••');
  });
});
