import { Email, FileText, Phone, Text } from '../../common/fields/text.fields.js';
import { Bool } from '../../common/fields/value.fields.js';

/** Characters of one file. */
const LONGEST_FILE = 2_000_000;

/** A file of rows; its first line names the columns. */
export class ImportRequest {
  @FileText({
    max: LONGEST_FILE,
    example: 'name,phone,email\nAda Lovelace,+14155552671,ada@example.com\n',
    description: 'The text of the file; with `Content-Type: text/csv` the body is the file itself',
  })
  csv!: string;
}

/** How to bring it in. */
export class ImportQuery {
  @Bool({ optional: true, default: false, description: 'Try everything, report, and change nothing' })
  dryRun?: boolean;
}

/** One line of a file of bookings. */
export class BookingRow {
  @Text({ max: 120 }) customerName!: string;
  @Phone({ optional: true }) customerPhone?: string;
  @Email({ optional: true }) customerEmail?: string;
  @Text({ max: 120 }) service!: string;
  @Text({ max: 120, optional: true }) staff?: string;
  @Text({ max: 40 }) start!: string;
  @Text({ max: 20, optional: true }) status?: string;
  @Text({ max: 2000, optional: true }) notes?: string;
}
