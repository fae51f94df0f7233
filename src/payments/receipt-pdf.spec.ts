import { pdfPages, pdfText } from '../../test/support/pdf-text.js';
import { Receipt, type ReceiptFacts } from './entities/receipt.entity.js';
import { Refund } from './entities/refund.entity.js';
import type { ReceiptView } from './payment.view.js';
import { receiptPdf } from './receipt-pdf.js';

const FACTS: ReceiptFacts = {
  salon: 'Lawrei Beauty',
  address: '1 Main Street, New York, NY 10001',
  customer: 'Ada Lovelace',
  reference: 'K7QF2M',
  service: 'Haircut',
  staff: 'Grace Hopper',
  start: '2030-03-04T09:00:00-05:00',
  method: 'Visa •••• 4242',
};

interface Wishes {
  facts?: Partial<ReceiptFacts>;
  amountMinor?: number;
  currency?: string;
  purpose?: ReceiptView['purpose'];
  refunds?: { amountMinor: number; state: Refund['state'] }[];
}

/** As the database would give them back. */
function aReceipt(wishes: Wishes = {}): ReceiptView {
  const { amountMinor = 8500, currency = 'USD', purpose = 'full', refunds = [] } = wishes;
  const receipt = Object.assign(Object.create(Receipt.prototype) as Receipt, {
    number: 42,
    amountMinor,
    currency,
    facts: { ...FACTS, ...wishes.facts },
    issuedAt: new Date('2030-03-02T02:30:00Z'), // the evening before in New York
  });
  const given = refunds.map((refund) =>
    Object.assign(Object.create(Refund.prototype) as Refund, {
      requestedAt: new Date('2030-03-03T15:00:00Z'),
      ...refund,
    }),
  );
  return { receipt, purpose, refunds: given, timeZone: 'America/New_York' };
}

const read = async (wishes: Wishes = {}) => pdfText(await receiptPdf(aReceipt(wishes)));

describe('a printed receipt', () => {
  it('says who was paid what by whom, when and for what', async () => {
    expect(await read()).toEqual([
      'Lawrei Beauty',
      '1 Main Street, New York, NY 10001',
      'Receipt No. 42',
      'Friday, March 1, 2030',
      ...['Customer', 'Ada Lovelace', 'Booking', 'K7QF2M', 'Service', 'Haircut', 'With', 'Grace Hopper'],
      ...['Appointment', 'Monday, March 4, 2030 at 9:00 AM', 'Paid by', 'Visa •••• 4242'],
      ...['Haircut', '$85.00', 'Total paid', '$85.00', 'Prices include any tax.'],
    ]);
  });

  it('names the tax that the amount includes', async () => {
    const tax = { name: 'Sales tax', milliPercent: 8875, amountMinor: 693 };
    expect((await read({ facts: { tax } })).slice(-6)).toEqual([
      ...['Total paid', '$85.00', 'Includes Sales tax 8.875%', '$6.93', 'Without Sales tax', '$78.07'],
    ]);
  });

  it.each([
    ['deposit', 'Haircut: deposit'],
    ['balance', 'Haircut: balance'],
  ] as const)('calls a %s what it is', async (purpose, line) => {
    expect(await read({ purpose })).toContain(line);
  });

  it('tells what went back and what is on its way, but no refund that failed', async () => {
    const refunds = [
      { amountMinor: 2000, state: 'succeeded' as const },
      { amountMinor: 500, state: 'pending' as const },
      { amountMinor: 6000, state: 'failed' as const },
    ];
    expect((await read({ refunds })).slice(-6)).toEqual([
      ...['Refunded, Sunday, March 3, 2030', '-$20.00', 'Refund on its way, Sunday, March 3, 2030', '-$5.00'],
      ...['After refunds', '$60.00'],
    ]);
  });

  it.each([
    [{ amountMinor: 500, currency: 'JPY' }, '¥500'],
    [{ amountMinor: 8500, currency: 'EUR' }, '€85.00'],
    [{ amountMinor: 12_345, currency: 'KWD' }, 'KWD 12.345'],
    [{ amountMinor: 500, currency: 'KRW' }, 'KRW 500'],
  ])('writes %j as %s', async (wishes, text) => {
    expect(await read(wishes)).toContain(text);
  });

  it.each([
    ['Zoë Müller-Ångström', 'Zoë Müller-Ångström'],
    ['Łucja Dvořáková', 'Lucja Dvoráková'],
    ['Nguyễn Thị Minh', 'Nguyên Thi Minh'],
    ['Ада 👩‍🔬', '??? ?'],
  ])('prints %s with the fonts that every reader has: %s', async (customer, printed) => {
    expect(await read({ facts: { customer } })).toContain(printed);
  });

  it('stays on one page with the longest texts and many refunds', async () => {
    const refunds = Array.from({ length: 60 }, () => ({ amountMinor: 100, state: 'succeeded' as const }));
    const [name, address] = ['W'.repeat(120), 'W'.repeat(300)];
    const facts = { salon: name, address, customer: name, service: name, staff: name };
    const file = await receiptPdf(aReceipt({ facts, refunds }));
    expect(pdfPages(file)).toBe(1);
    expect(pdfText(file).slice(-4)).toEqual(['52 more refunds', '-$52.00', 'After refunds', '$25.00']);
  });

  it('is the same file every time, dated by the receipt', async () => {
    const [one, other] = [await receiptPdf(aReceipt()), await receiptPdf(aReceipt())];
    expect(one.equals(other)).toBe(true);
    expect(one.toString('latin1')).toContain('(D:20300302023000Z)');
  });
});
