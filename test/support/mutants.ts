import type { Mutant } from './mutant.types.js';
import { GUARD, WHERE } from './mutants-of-access.js';
import { LOCKS, ROWS } from './mutants-of-rows.js';
import { SECRETS, SESSIONS } from './mutants-of-secrets.js';

/** Every fence of the product, one by one. */
export const MUTANTS: readonly Mutant[] = [...GUARD, ...WHERE, ...SESSIONS, ...SECRETS, ...LOCKS, ...ROWS];
