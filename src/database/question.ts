import type { EntityClass } from '@mikro-orm/core';
import type { QueryResultRow } from 'pg';
import type { Statement } from './statement.js';

/** What an answer is made from besides the rows. */
export interface Seen {
  /** App time at the begin of the transaction. */
  readonly now: Date;
  /** Whole rows of a table as its entities, for looking at: no entity manager knows them, and nothing they are told is kept. */
  as<E extends object>(entity: EntityClass<E>, rows: readonly QueryResultRow[]): Readonly<E>[];
}

/** A statement and what its rows mean. The answer waits for nothing: it is made when all rows are there. */
export interface Question<T> {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  answer(rows: QueryResultRow[], seen: Seen): T;
}

/** What each of the questions is answered. */
export type Answers<T extends readonly Question<unknown>[]> = {
  -readonly [Index in keyof T]: T[Index] extends Question<infer Answer> ? Answer : never;
};
