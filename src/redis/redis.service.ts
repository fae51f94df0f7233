import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';

const CONNECT_MS = 2_000;
const COMMAND_MS = 500;
const LONGEST_PAUSE_MS = 2_000;

/** Comes back by itself, however long Redis was away. */
export const REDIS_OPTIONS: RedisOptions = {
  connectTimeout: CONNECT_MS,
  retryStrategy: (attempt) => Math.min(LONGEST_PAUSE_MS, attempt * 100),
};

/** What is known of Redis in this process; real time. */
export interface RedisSeen {
  readonly isUp: boolean;
  readonly lastSuccessAt: Date | null;
  readonly lastErrorAt: Date | null;
  readonly lastError: string | null;
}

/**
 * A connection that never keeps anybody waiting: a command fails at once while Redis is away, and after half a second when it does
 * not answer. Nothing that must be right depends on it.
 */
@Injectable()
export class RedisConnection implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisConnection.name);
  private client: Redis | null = null;
  private seen: Omit<RedisSeen, 'isUp'> = { lastSuccessAt: null, lastErrorAt: null, lastError: null };

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The client is loaded only where it is needed. */
  async onModuleInit(): Promise<void> {
    const url = this.config.redisUrl;
    if (url === null) return;
    const { Redis: Client } = await import('ioredis');
    this.client = new Client(url, {
      ...REDIS_OPTIONS,
      commandTimeout: COMMAND_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    });
    this.client.on('ready', () => this.succeeded());
    this.client.on('error', (error: Error) => this.failed(error));
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  get isUp(): boolean {
    return this.client?.status === 'ready';
  }

  state(): RedisSeen {
    return { ...this.seen, isUp: this.isUp };
  }

  /** The answer, or null when Redis is not there or does not answer in time. */
  async ask<T>(work: (client: Redis) => Promise<T>): Promise<T | null> {
    const { client } = this;
    if (!client || !this.isUp) return null;
    try {
      const answer = await work(client);
      this.succeeded();
      return answer;
    } catch (error) {
      this.failed(error instanceof Error ? error : new Error('unknown'));
      return null;
    }
  }

  private succeeded(): void {
    this.seen = { ...this.seen, lastSuccessAt: this.clock.realNow() };
  }

  private failed(error: Error): void {
    const isNews = this.seen.lastError !== error.message;
    this.seen = { ...this.seen, lastErrorAt: this.clock.realNow(), lastError: error.message };
    if (isNews) this.logger.warn({ error: error.message });
  }
}
