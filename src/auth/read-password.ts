import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** What a person types on, or a pipe. */
export interface PasswordSource extends NodeJS.ReadableStream {
  isTTY?: boolean;
}

/**
 * The first line of the input. At a terminal it asks for it and shows nothing of what is typed; never an argument of the
 * command, which every user of the machine could read.
 */
export async function readPassword(input: PasswordSource, prompt: (text: string) => void): Promise<string> {
  const atTerminal = input.isTTY === true;
  if (atTerminal) prompt('Password (at least 12 characters; it is not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: atTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (atTerminal) prompt('\n');
  }
}
