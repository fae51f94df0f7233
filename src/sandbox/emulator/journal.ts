import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** One line of `sandbox.jsonl`; `seq` grows by one a line, `at` is real time, `data` belongs to whoever wrote the `kind`. */
export interface JournalEntry {
  seq: number;
  at: string;
  kind: string;
  data: unknown;
}

/** A piece of the raw file, and the byte offset to go on from. */
export interface JournalSlice {
  text: string;
  next: number;
}

/**
 * The sandbox's memory: appended before a request is answered, read back at start. Written with synchronous writes, so that
 * killing the process at any moment loses nothing that was answered; at most the last line is torn, and that one was not.
 */
export class Journal {
  private readonly file: number;
  private readonly found: JournalEntry[];
  private seq = 0;

  constructor(path: string) {
    this.file = openSync(path, 'a+', 0o600);
    this.found = this.readWhole();
    this.seq = this.found.at(-1)?.seq ?? 0;
  }

  /** What stood in the file when it was opened; the caller folds it into its state. */
  get past(): readonly JournalEntry[] {
    return this.found;
  }

  /** Number of the last line, the cursor for `since`. */
  get lastSeq(): number {
    return this.seq;
  }

  /** Returns only after the whole line is handed to the operating system. */
  append(kind: string, data: unknown): JournalEntry {
    const entry: JournalEntry = { seq: ++this.seq, at: new Date().toISOString(), kind, data };
    let rest = Buffer.from(`${JSON.stringify(entry)}\n`);
    while (rest.length > 0) rest = rest.subarray(writeSync(this.file, rest));
    return entry;
  }

  /** Raw lines from a byte offset on; an offset beyond the end (the file was emptied) starts over. */
  read(from: number): JournalSlice {
    const size = fstatSync(this.file).size;
    const start = from > size ? 0 : from;
    const bytes = Buffer.alloc(size - start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(this.file, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return { text: bytes.toString('utf8', 0, filled), next: start + filled };
  }

  /** Empties the file; numbering goes on, so that a cursor taken before stays behind everything written after. */
  truncate(): void {
    ftruncateSync(this.file, 0);
  }

  close(): void {
    closeSync(this.file);
  }

  private readWhole(): JournalEntry[] {
    const { text } = this.read(0);
    const lines = text.split('\n');
    const torn = lines.pop() ?? '';
    // Cut off, or the next line would be glued to the torn one and be lost with it.
    if (torn !== '') ftruncateSync(this.file, Buffer.byteLength(text) - Buffer.byteLength(torn));
    return lines.flatMap((line) => parseLine(line));
  }
}

function parseLine(line: string): JournalEntry[] {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'seq' in value && 'kind' in value && 'data' in value;
}
