import { isAllowedCountry } from './spend-guard.service.js';

describe('the countries the salon sends texts to', () => {
  it('are all of them when none is named', () => {
    expect(isAllowedCountry('+37255512345', [])).toBe(true);
  });

  it('keep out numbers of any other', () => {
    expect(isAllowedCountry('+4915112345678', ['DE', 'AT'])).toBe(true);
    expect(isAllowedCountry('+37255512345', ['DE', 'AT'])).toBe(false);
    expect(isAllowedCountry('+14155552671', ['CA'])).toBe(false);
  });

  it('let numbers without a country of their own go by their calling code', () => {
    expect(isAllowedCountry('+15005550006', ['US'])).toBe(true);
    expect(isAllowedCountry('+15005550006', ['DE'])).toBe(false);
    expect(isAllowedCountry('nonsense', ['US'])).toBe(false);
  });
});
