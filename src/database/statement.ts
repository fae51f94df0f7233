import type { EntityManager } from '@mikro-orm/postgresql';
import type { QueryResultRow } from 'pg';
import { allAtOnce, type Bound } from './batch.js';
import { clientOf } from './client-kysely.js';

/** A prepared statement: one name, one text, parameters `$1…` really sent apart from it. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Declares a statement; its name shows in `pg_prepared_statements`. Only `*.sql.ts` files hold any. */
export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** Runs a prepared statement inside the running transaction of `em`, under its actor. */
export async function run<Row>(
  em: EntityManager,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await clientOf(em.getTransactionContext()).query({ name, text, values: [...values] });
  return result.rows;
}

/** Runs several prepared statements there as one: one answer instead of one for each. None is run after one that fails. */
export async function runAll(em: EntityManager, statements: readonly Bound[]): Promise<QueryResultRow[][]> {
  return allAtOnce(clientOf(em.getTransactionContext()), statements);
}
