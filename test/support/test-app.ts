import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { createApp } from '../../src/boot.js';
import { loadConfig, usesSandbox, type Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.service.js';
import { WORKER } from '../../src/common/actor.js';
import { RecurringWork } from '../../src/outbox/recurring-work.service.js';
import { Relay } from '../../src/outbox/relay.js';
import { prepareSandbox } from '../../src/sandbox/sandbox.boot.js';
import { SandboxClient } from '../../src/sandbox/sandbox.client.js';
import { startSandbox, stopSandbox, type SandboxProcess } from '../../src/sandbox/sandbox.process.js';
import { freePort } from '../../src/database/free-port.js';
import { built } from './test-build.js';
import { asOwner, freshDatabase, leave, testHome, type TestDatabase } from './test-database.js';

export const OWNER_EMAIL = 'owner@lawrei.example';
export const OWNER_PASSWORD = 'a long enough passphrase';

/** An answer of the application, as a client sees it. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  // The tests read answers as a client in any language would: without our types.
  // eslint-disable-next-line typescript/no-explicit-any
  body: any;
  text: string;
}

interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface StartOptions {
  env?: Record<string, string>;
  /** With the sandbox's Google account connected; without, bookings go into no calendar. */
  calendar?: boolean;
  /** A database another application of the same test already uses. */
  database?: TestDatabase;
}

/** The real application on a real database; only time and the outside world are moved from outside. */
export class TestApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly config: Config,
    readonly database: TestDatabase,
    private readonly own: SandboxProcess | null,
  ) {}

  static async start(options: StartOptions = {}): Promise<TestApp> {
    const cloning = options.database ?? freshDatabase();
    const dataDir = join(testHome(), `app-${process.pid}-${Math.random().toString(36).slice(2)}`);
    mkdirSync(dataDir, { recursive: true });
    const port = await freePort();
    const given = loadConfig({
      NODE_ENV: 'test',
      LAWREI_DATA_DIR: dataDir,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LAWREI_OWNER_EMAIL: OWNER_EMAIL,
      LAWREI_OWNER_PASSWORD: OWNER_PASSWORD,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
      RATE_LIMIT_SCALE: '1000',
      OUTBOX_POLL_MS: '200',
      ...options.env,
    });
    // Up already when the app looks for it, and adopted: a process from the build starts faster than one from the sources.
    const sandbox = usesSandbox(given)
      ? await startSandbox({ dataDir, entry: pathToFileURL(built('emulator/main')) })
      : null;
    const prepared = await prepareSandbox(given);
    const database = await cloning;
    const app = await createApp(prepared.config, database.appUrl);
    if (!options.calendar) await asOwner(database, 'delete from calendar_connection');
    if (!options.calendar) await asOwner(database, 'delete from busy_source');
    // A real socket as well, for what the sandbox calls back.
    await app.listen(port, '127.0.0.1');
    return new TestApp(app, prepared.config, database, sandbox);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await leave(this.database);
    if (this.own) await stopSandbox(this.own);
  }

  /** The providers of this application: what was sent, and what shall go wrong. */
  get sandbox(): SandboxClient {
    return new SandboxClient(this.config.twilio.apiBase ?? '');
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get(token as never);
  }

  /** One request through the real router, in process. */
  async request(method: string, url: string, { body, headers }: Sent = {}, token?: string): Promise<Answer> {
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const text = response.payload;
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : null,
      text,
    };
  }

  /** A caller with a token (or none), with one method per verb. */
  as(token?: string): Caller {
    return new Caller(this, token);
  }

  /** Looks behind the scenes as the database's owner. */
  sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return asOwner<Row>(this.database, text, values);
  }

  /** Moves app time to the instant; real time goes on as it does. */
  async timeIs(instant: string): Promise<void> {
    await this.sql(
      `update app_clock set offset_ms = (extract(epoch from $1::timestamptz - now()) * 1000)::bigint`,
      [instant],
    );
    await this.get(Database).transact(WORKER, async () => undefined);
  }

  /** Lets all recurring work run once, as if its intervals had passed. */
  async sweep(): Promise<void> {
    await this.get(RecurringWork).runAll();
  }

  /** Sweeps until it holds: a round leaves alone what somebody else has locked, and the next one takes it. */
  async sweepUntil(condition: () => Promise<boolean>): Promise<void> {
    await waitFor(async () => {
      await this.sweep();
      return condition();
    });
  }

  /** Waits until every effect that is due now has been done, or fails after 15 s. */
  async effectsDone(): Promise<void> {
    const relay = this.get(Relay);
    await waitFor(async () => {
      await relay.idle();
      const open = await this.sql(
        `select 1 from outbox_message where state = 'claimed' or (state = 'pending' and due_at <= app_now())`,
      );
      return open.length === 0;
    });
  }
}

export class Caller {
  constructor(
    private readonly app: TestApp,
    private readonly token?: string,
  ) {}

  get(url: string, headers?: Record<string, string>) {
    return this.app.request('GET', url, headers ? { headers } : {}, this.token);
  }
  post(url: string, body: unknown = {}, headers?: Record<string, string>) {
    return this.app.request('POST', url, { body, ...(headers ? { headers } : {}) }, this.token);
  }
  put(url: string, body: unknown = {}, headers?: Record<string, string>) {
    return this.app.request('PUT', url, { body, ...(headers ? { headers } : {}) }, this.token);
  }
  patch(url: string, body: unknown = {}, headers?: Record<string, string>) {
    return this.app.request('PATCH', url, { body, ...(headers ? { headers } : {}) }, this.token);
  }
  delete(url: string, headers?: Record<string, string>) {
    return this.app.request('DELETE', url, headers ? { headers } : {}, this.token);
  }
}

/** Waits until the condition holds; fails with its name after the deadline. */
export async function waitFor(condition: () => Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`waited ${deadlineMs} ms in vain for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
