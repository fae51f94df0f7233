import type { EntityManager } from '@mikro-orm/postgresql';
import pg, { type Connection, type PoolClient, type QueryResultRow, type Submittable } from 'pg';
import { clientOf } from './client-kysely.js';
import type { Statement } from './statement.js';

/** A statement with its parameters. */
export interface Bound {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** What the driver's own query does with what the server answers; its declaration leaves that out. */
interface Part extends Submittable {
  readonly name: string;
  readonly text: string;
  submit(connection: Connection): Error | null;
  handleRowDescription(message: object): void;
  handleDataRow(message: object): void;
  handleCommandComplete(message: object, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

/** Which statements a connection has prepared, and which it has asked for without having heard yet; text by name. */
interface Prepared {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

type Rows = QueryResultRow[][];

/**
 * Sends statements as one, with one Sync behind them; the rows of each. Outside a transaction PostgreSQL runs them in one that ends
 * there, inside it they belong to it, and it answers in one write. When one fails, none behind it is run.
 */
export async function allAtOnce(client: PoolClient, statements: readonly Bound[]): Promise<Rows> {
  try {
    return await new Promise<Rows>((resolve, reject) => {
      client.query(new Batch(client, statements, resolve, reject));
    });
  } catch (error) {
    // The driver's own way leads to the socket, this one to whoever asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

/** Sends statements as one inside the running transaction of `em`, under its actor. */
export function runAll(em: EntityManager, statements: readonly Bound[]): Promise<Rows> {
  return allAtOnce(clientOf(em.getTransactionContext()), statements);
}

/** The client takes it for one query, and asks it for the name and text of what was just prepared. */
class Batch implements Submittable {
  private readonly parts: Part[];
  private readonly rows: Rows = [];
  private answered = 0;
  private failed: Error | null = null;
  private unsent: Part | null = null;

  constructor(
    client: PoolClient,
    statements: readonly Bound[],
    private readonly resolve: (rows: Rows) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.parts = statements.map(({ statement, values }) => this.partOf(client, statement, values));
  }

  get name(): string | undefined {
    return this.parts[this.answered]?.name;
  }

  get text(): string | undefined {
    return this.parts[this.answered]?.text;
  }

  submit(connection: Connection): null {
    const withoutSync: Connection = Object.create(connection, { sync: { value: () => undefined } });
    for (const part of this.parts) {
      const error = part.submit(withoutSync);
      if (error) this.failed = error;
      if (!this.failed) continue;
      // It could not be written down, and its statement was closed for that. What came before it must come to nothing.
      this.unsent = part;
      connection.execute({ portal: 'what-was-not-sent' }, false);
      break;
    }
    connection.sync();
    return null;
  }

  handleRowDescription(message: object): void {
    this.parts[this.answered]?.handleRowDescription(message);
  }

  handleDataRow(message: object): void {
    this.parts[this.answered]?.handleDataRow(message);
  }

  handleCommandComplete(message: object, connection: Connection): void {
    const part = this.parts[this.answered];
    part?.handleCommandComplete(message, connection);
    part?.handleReadyForQuery(connection);
    this.answered += 1;
  }

  /** The server skips what stands behind the one that failed: it is to be prepared again. */
  handleError(error: Error, { parsedStatements, submittedNamedStatements }: Prepared): void {
    const unanswered = this.parts.slice(this.answered);
    for (const { name } of unanswered) delete submittedNamedStatements[name];
    if (this.unsent && this.unsent === unanswered[0]) delete parsedStatements[this.unsent.name];
    this.reject(this.failed ?? error);
  }

  handleReadyForQuery(): void {
    if (this.failed) this.reject(this.failed);
    else this.resolve(this.rows);
  }

  private partOf(client: PoolClient, { name, text }: Statement, values: readonly unknown[]): Part {
    const query = new pg.Query({ name, text, values: [...values], types: client }, (error, result) => {
      if (error) this.failed ??= error;
      else this.rows.push(result.rows);
    });
    return query as unknown as Part;
  }
}
