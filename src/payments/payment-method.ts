import type { Payment } from './entities/payment.entity.js';

/** Brands whose name is more than their code with a capital letter. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  eftpos_au: 'Eftpos Australia',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

/** How it was paid, as a receipt says it: `Visa •••• 4242`, `Cash`, `Card terminal`. */
export function methodLabel(payment: Pick<Payment, 'provider' | 'methodBrand' | 'methodLast4'>): string {
  if (payment.provider === 'cash') return 'Cash';
  if (payment.provider === 'terminal') return 'Card terminal';
  const brand = brandName(payment.methodBrand ?? '');
  return payment.methodLast4 ? `${brand} •••• ${payment.methodLast4}` : brand;
}

function brandName(code: string): string {
  if (code === '' || code === 'unknown') return 'Card';
  const words = code.replaceAll(/[_-]+/g, ' ');
  return BRANDS[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
