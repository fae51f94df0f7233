import { Service } from './service.entity.js';

const service = (fields: object) =>
  Object.assign(
    new Service(),
    { priceMinor: 8500, paymentPolicy: 'full', depositPercent: null, depositMinor: null },
    fields,
  );

describe('a service', () => {
  it('keeps what a change does not name', () => {
    const cut = service({ name: 'Haircut', durationMinutes: 60 });
    cut.change({ durationMinutes: 45, name: undefined });
    expect(cut).toMatchObject({ name: 'Haircut', durationMinutes: 45, priceMinor: 8500 });
  });

  it('takes its price from the amount in minor units', () => {
    const cut = service({});
    cut.change({ price: { amount: 9000, currency: 'USD' } });
    expect(cut.priceMinor).toBe(9000);
  });

  it('ends its deposit when the policy no longer asks for one', () => {
    const cut = service({ paymentPolicy: 'deposit', depositPercent: 30 });
    cut.change({ paymentPolicy: 'none' });
    expect([cut.depositPercent, cut.hasFittingDeposit()]).toEqual([null, true]);
  });

  it('keeps its deposit when only the price changes', () => {
    const cut = service({ paymentPolicy: 'deposit', depositMinor: 2000 });
    cut.change({ price: { amount: 9000, currency: 'USD' } });
    expect([cut.depositMinor, cut.hasFittingDeposit()]).toEqual([2000, true]);
    cut.change({ price: { amount: 1999, currency: 'USD' } });
    expect(cut.hasFittingDeposit()).toBe(false);
  });

  it('swaps a share for an amount, never both', () => {
    const cut = service({ paymentPolicy: 'deposit', depositPercent: 30 });
    cut.change({ deposit: { amount: 2000 } });
    expect(cut).toMatchObject({ depositPercent: null, depositMinor: 2000 });
    cut.change({ deposit: { percent: 10, amount: 2000 } });
    expect(cut.hasFittingDeposit()).toBe(false);
    cut.change({ deposit: null });
    expect(cut.hasFittingDeposit()).toBe(false);
  });
});
