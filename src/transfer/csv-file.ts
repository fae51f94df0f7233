import { CsvError, parse } from 'csv-parse/sync';
import { FieldRefused } from '../common/domain-error.js';
import type { Cells, ImportPlan } from './import.types.js';

/** A file's lines by the names of their columns. */
export interface CsvFile {
  readonly rows: readonly { readonly line: number; readonly cells: Cells }[];
  readonly ignoredColumns: readonly string[];
}

/** The first line names the columns. */
const FIRST_ROW = 2;
/** What spreadsheets and our own exports put before a cell that would be taken for a formula. */
const SHIELD = /^'(?=[=+\-@\t\r])/;

/**
 * Reads a file of comma- or semicolon-separated values (RFC 4180). Names of columns may differ in case, blanks, hyphens and underscores. Rows
 * are counted as spreadsheets do. Throws FieldRefused for a file that is none, lacks a column or is too long.
 */
export function readCsv(text: string, { columns, required, most }: ImportPlan): CsvFile {
  const [header = [], ...lines] = recordsOf(text);
  const names = header.map((name) => columns.find((column) => plain(column) === plain(name)) ?? null);
  const missing = required.filter((column) => !names.includes(column));
  if (missing.length > 0) throw refused('column', `has no column ${missing.join(', ')}`);
  const twice = names.find((name, index) => name !== null && names.indexOf(name) !== index);
  if (twice) throw refused('column', `has the column ${twice} twice`);
  if (lines.length > most) throw refused('too-long', `has more than ${most} rows; send it in parts`);
  const rows = lines.map((line, index) => ({ line: index + FIRST_ROW, cells: cellsOf(line, names) }));
  return {
    rows: rows.filter(({ cells }) => Object.keys(cells).length > 0),
    ignoredColumns: header.filter((name, index) => names[index] === null && name.trim() !== '').slice(0, 50),
  };
}

function recordsOf(text: string): string[][] {
  const [firstLine = ''] = text.split('\n', 1);
  const delimiter = firstLine.split(';').length > firstLine.split(',').length ? ';' : ',';
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError)
      throw refused('csv', 'is no CSV: a quote is open or stands where none may');
    throw error;
  }
}

function cellsOf(line: readonly string[], names: readonly (string | null)[]): Cells {
  const pairs = names.flatMap((name, index) => {
    const cell = (line[index] ?? '').replace(SHIELD, '').trim();
    return name === null || cell === '' ? [] : [[name, cell] as const];
  });
  return Object.fromEntries(pairs);
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

const refused = (code: string, detail: string): FieldRefused => new FieldRefused('/csv', code, detail);
