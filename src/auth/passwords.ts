import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '../common/domain-error.js';

/** OWASP's figures for argon2id: 19 MiB, two passes, one lane. About 15 ms on one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a password nobody knows: an unknown e-mail costs the same work as a wrong password. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$nE1OHybx4rmocserOG3z4A$pMLHo/GivQmBaD/T0REa9XbH9NcoTGV/PuIgZUK8KgE';

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;
const FEWEST_DIFFERENT_CHARACTERS = 5;

/** Beginnings of what everybody tries first; digits and punctuation around them do not make them better. */
const COMMON = [
  'password',
  'passwort',
  'passw0rd',
  'qwertyuiop',
  'qwerty',
  'qwertz',
  'azerty',
  'asdfghjkl',
  'letmein',
  'welcome',
  'administrator',
  'admin',
  'iloveyou',
  'changeme',
  'default',
  'secret',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'superman',
  'trustno',
  'abc',
  'abcdefghijkl',
  'zxcvbnm',
  'qazwsx',
  'login',
  'master',
  'lawrei',
  'owner',
  'salon',
  'test',
  'demo',
  'hello',
  'whatever',
  'starwars',
  'summer',
  'winter',
  'spring',
  'autumn',
  'company',
];

/** The password is one that guessers try, or too short. */
export class WeakPassword extends DomainError {
  constructor(detail: string) {
    super('validation-failed', `The password ${detail}.`, {
      errors: [{ pointer: '/password', code: 'weak-password', detail }],
    });
  }
}

/** Throws `WeakPassword` for one that is too short, too long, or among those that are tried first. */
export function refuseWeak(password: string, email: string): void {
  if (password.length < SHORTEST_PASSWORD)
    throw new WeakPassword(`needs at least ${SHORTEST_PASSWORD} characters`);
  if (password.length > LONGEST_PASSWORD)
    throw new WeakPassword(`may have at most ${LONGEST_PASSWORD} characters`);
  const lower = password.toLowerCase();
  const letters = lower.replaceAll(/[^\p{L}]/gu, '');
  const isRepeated = COMMON.some(
    (word) => letters === word.repeat(Math.max(1, Math.round(letters.length / word.length))),
  );
  const isPlain = new Set(lower).size < FEWEST_DIFFERENT_CHARACTERS || letters === '' || isRepeated;
  const [name] = email.toLowerCase().split('@');
  if (isPlain || lower === email.toLowerCase() || letters === name)
    throw new WeakPassword('is one that is tried first');
}

/** The argon2id hash to store. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether the password belongs to the hash; without one, the same work and no. */
export async function isPassword(password: string, storedHash: string | null): Promise<boolean> {
  const matches = await verify(storedHash ?? NOBODYS_HASH, password);
  return matches && storedHash !== null;
}
