import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { PoolClient } from 'pg';

/** Lets MikroORM speak through one checked-out client, inside the transaction that `transact` opened on it. */
class ClientConnection implements DatabaseConnection {
  constructor(private readonly client: PoolClient) {}

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.client.query(query.sql, [...query.parameters]);
    const changed = result.command === 'SELECT' ? {} : { numAffectedRows: BigInt(result.rowCount ?? 0) };
    return { rows: result.rows, ...changed };
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming inside a command is not supported');
  }
}

/** Transactions are begun and ended by `transact` alone; Kysely is never asked to. */
class ClientDriver implements Driver {
  private readonly connection: ClientConnection;

  constructor(client: PoolClient) {
    this.connection = new ClientConnection(client);
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    throw new Error('use transact()');
  }
  async commitTransaction(): Promise<void> {
    throw new Error('use transact()');
  }
  async rollbackTransaction(): Promise<void> {
    throw new Error('use transact()');
  }
}

export type ClientKysely = Kysely<unknown>;

const known = new WeakMap<PoolClient, ClientKysely>();
const clients = new WeakMap<object, PoolClient>();

/** The Kysely of a client, made once for each connection. */
export function kyselyOf(client: PoolClient): ClientKysely {
  let kysely = known.get(client);
  if (!kysely) {
    kysely = new Kysely<unknown>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new ClientDriver(client),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    known.set(client, kysely);
    clients.set(kysely, client);
  }
  return kysely;
}

/** The client behind an entity manager's transaction. */
export function clientOf(kysely: object | undefined): PoolClient {
  const client = kysely && clients.get(kysely);
  if (!client) throw new Error('a statement ran outside transact()');
  return client;
}
