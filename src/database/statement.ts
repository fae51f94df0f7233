import type { EntityManager } from '@mikro-orm/postgresql';
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

/** The same of a statement that always gives a row, a count for example. Throws an Error if it does not. */
export async function runOne<Row>(
  em: EntityManager,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Row> {
  const [row] = await run<Row>(em, statement, values);
  if (!row) throw new Error(`${statement.name} gave no row`);
  return row;
}
