import { PassThrough } from 'node:stream';
import { readPassword, type PasswordSource } from './read-password.js';

function typed(text: string, isTTY: boolean): PasswordSource {
  const input: PasswordSource = Object.assign(new PassThrough(), { isTTY });
  (input as PassThrough).end(text);
  return input;
}

describe('the password for a new account', () => {
  it('is the first line of a pipe, without a question', async () => {
    const shown: string[] = [];
    expect(await readPassword(typed('first line\nsecond\n', false), (text) => shown.push(text))).toBe(
      'first line',
    );
    expect(await readPassword(typed('', false), (text) => shown.push(text))).toBe('');
    expect(shown).toEqual([]);
  });

  it('is asked for at a terminal, and never shown', async () => {
    const shown: string[] = [];
    expect(await readPassword(typed('top secret phrase\n', true), (text) => shown.push(text))).toBe(
      'top secret phrase',
    );
    expect(shown.join('')).toMatch(/^Password .*: \n$/);
  });
});
