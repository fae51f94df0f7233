import { methodLabel } from './payment-method.js';

describe('how it was paid', () => {
  it.each([
    [{ provider: 'cash' }, 'Cash'],
    [{ provider: 'terminal' }, 'Card terminal'],
    [{ provider: 'stripe', methodBrand: 'visa', methodLast4: '4242' }, 'Visa •••• 4242'],
    [{ provider: 'stripe', methodBrand: 'amex', methodLast4: '0005' }, 'American Express •••• 0005'],
    [
      { provider: 'stripe', methodBrand: 'cartes_bancaires', methodLast4: '1001' },
      'Cartes bancaires •••• 1001',
    ],
    [{ provider: 'stripe', methodBrand: 'unknown', methodLast4: '4242' }, 'Card •••• 4242'],
    [{ provider: 'stripe', methodBrand: 'link' }, 'Link'],
    [{ provider: 'stripe', methodBrand: null, methodLast4: null }, 'Card'],
  ] as const)('%j is told as %s', (payment, label) =>
    expect(methodLabel({ methodBrand: null, methodLast4: null, ...payment })).toBe(label),
  );
});
