import { formatWithOffset } from '../common/time/format.js';
import {
  lineOf,
  percentText,
  refundedMinor,
  standingRefunds,
  TAX_NOTE,
  type ReceiptView,
} from './payment.view.js';
import { printable, printedInstant, printedMoney } from './receipt-text.js';

const MARGIN = 56;
const LABELS = 120;
const GREY = '#555555';
/** More would run over the page; the rest is told as a sum. */
const MOST_REFUNDS = 8;

type Page = PDFKit.PDFDocument;

/** A receipt to print, on one page. The same receipt is the same file, byte for byte, until more of it goes back. */
export async function receiptPdf(view: ReceiptView): Promise<Buffer> {
  // Loaded by the first receipt: nobody else should wait for it.
  const { default: PDFDocument } = await import('pdfkit');
  const { number, facts, issuedAt } = view.receipt;
  const title = `Receipt No. ${number}`;
  const page = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: title,
      Author: facts.salon,
      Producer: 'Lawrei',
      Creator: 'Lawrei',
      CreationDate: issuedAt,
    },
  });
  const file = collected(page);
  drawHead(page, view, title);
  drawFacts(page, view);
  drawMoney(page, view);
  page.end();
  return file;
}

function collected(page: Page): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    page.on('data', (part: Buffer) => parts.push(part));
    page.on('error', reject);
    page.on('end', () => resolve(Buffer.concat(parts)));
  });
}

function drawHead(page: Page, { receipt, timeZone }: ReceiptView, title: string): void {
  const { salon, address } = receipt.facts;
  page.font('Helvetica-Bold').fontSize(16).text(printable(salon));
  page.font('Helvetica').fontSize(10).fillColor(GREY);
  if (address) page.text(printable(address));
  page.fillColor('black').moveDown(2);
  page.font('Helvetica-Bold').fontSize(13).text(title);
  const { date } = printedInstant(formatWithOffset(receipt.issuedAt, timeZone));
  page.font('Helvetica').fontSize(10).text(date).moveDown(1.5);
}

function drawFacts(page: Page, { receipt }: ReceiptView): void {
  const { customer, reference, service, staff, start, method } = receipt.facts;
  const { date, time } = printedInstant(start);
  const rows = [
    ['Customer', customer],
    ['Booking', reference],
    ['Service', service],
    ['With', staff],
    ['Appointment', `${date} at ${time}`],
    ['Paid by', method],
  ] as const;
  for (const [label, value] of rows) drawRow(page, label, value);
  page.moveDown(1);
}

function drawMoney(page: Page, view: ReceiptView): void {
  const { receipt, refunds, timeZone } = view;
  const { amountMinor, currency } = receipt;
  const money = (amount: number) => printedMoney({ amount, currency });
  drawLine(page);
  drawAmount(page, lineOf(view), money(amountMinor));
  drawLine(page);
  page.font('Helvetica-Bold');
  drawAmount(page, 'Total paid', money(amountMinor));
  page.font('Helvetica');
  drawTax(page, view, money);
  const standing = standingRefunds(refunds);
  if (standing.length === 0) return;
  page.moveDown(1);
  for (const refund of standing.slice(0, MOST_REFUNDS)) {
    const { date } = printedInstant(formatWithOffset(refund.requestedAt, timeZone));
    const way = refund.state === 'succeeded' ? 'Refunded' : 'Refund on its way';
    drawAmount(page, `${way}, ${date}`, `-${money(refund.amountMinor)}`);
  }
  const more = standing.slice(MOST_REFUNDS);
  if (more.length > 0) drawAmount(page, `${more.length} more refunds`, `-${money(refundedMinor(more))}`);
  drawLine(page);
  page.font('Helvetica-Bold');
  drawAmount(page, 'After refunds', money(amountMinor - refundedMinor(refunds)));
}

function drawTax(page: Page, { receipt }: ReceiptView, money: (amount: number) => string): void {
  const { tax } = receipt.facts;
  page.fillColor(GREY);
  if (tax) {
    drawAmount(page, `Includes ${tax.name} ${percentText(tax.milliPercent)}`, money(tax.amountMinor));
    drawAmount(page, `Without ${tax.name}`, money(receipt.amountMinor - tax.amountMinor));
  } else {
    page.text(TAX_NOTE);
  }
  page.fillColor('black');
}

function drawRow(page: Page, label: string, value: string): void {
  const { y } = page;
  page.fillColor(GREY).text(label, MARGIN, y, { width: LABELS });
  page.fillColor('black').text(printable(value), MARGIN + LABELS, y, { width: widthOf(page) - LABELS });
  page.x = MARGIN;
  page.moveDown(0.4);
}

/** The words on the left, the amount at the right edge of their first line. */
function drawAmount(page: Page, words: string, amount: string): void {
  const { y } = page;
  page.text(printable(words), MARGIN, y, { width: widthOf(page) - LABELS });
  const below = page.y;
  page.text(amount, MARGIN, y, { width: widthOf(page), align: 'right' });
  page.y = below;
  page.moveDown(0.4);
}

function drawLine(page: Page): void {
  page
    .moveTo(MARGIN, page.y)
    .lineTo(page.page.width - MARGIN, page.y)
    .lineWidth(0.5)
    .strokeColor(GREY)
    .stroke();
  page.moveDown(0.6);
}

const widthOf = (page: Page) => page.page.width - 2 * MARGIN;
