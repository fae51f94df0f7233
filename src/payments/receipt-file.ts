import { StreamableFile } from '@nestjs/common';
import type { ReceiptView } from './payment.view.js';
import { receiptPdf } from './receipt-pdf.js';

/** How the documents describe a file. */
export const PDF_SCHEMA = { type: 'string', format: 'binary' } as const;

/** A receipt as a browser shows it and saves it, under its number. */
export async function receiptFile(view: ReceiptView): Promise<StreamableFile> {
  return new StreamableFile(await receiptPdf(view), {
    type: 'application/pdf',
    disposition: `inline; filename="receipt-${view.receipt.number}.pdf"`,
  });
}
