import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';
import { Pools } from '../database/pools.js';
import { Wake } from './wake.js';

const CHANNEL = 'lawrei_outbox';
const THROTTLE_MS = 50;
const RECONNECT_MS = 2_000;

/**
 * Carries a wake from processes that only serve requests to those that work: PostgreSQL's NOTIFY, throttled. Losing
 * one loses nothing but time, since every worker polls as well.
 */
@Injectable()
export class WakeLine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WakeLine.name);
  private listener: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly pools: Pools,
    private readonly wake: Wake,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'api') this.wake.onWake(() => this.ring());
    // Every process listens: its connection also tells others on this data folder that the database is in use.
    await this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.listener?.end().catch(() => undefined);
  }

  private ring(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pools.requests.query(`notify ${CHANNEL}`).catch((error: unknown) => this.note(error));
    }, THROTTLE_MS).unref();
  }

  private async listen(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({ connectionString: this.pools.url, application_name: 'lawrei-wake' });
    this.listener = client;
    client.on('notification', () => {
      if (this.config.role !== 'api') this.wake.now();
    });
    client.on('error', (error) => this.note(error));
    client.once('end', () => this.listenAgain());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.note(error);
      this.listenAgain();
    }
  }

  private listenAgain(): void {
    if (this.stopped || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.listen();
    }, RECONNECT_MS).unref();
  }

  private note(error: unknown): void {
    if (!this.stopped) this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
  }
}
