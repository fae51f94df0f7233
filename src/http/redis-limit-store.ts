import { Injectable } from '@nestjs/common';
import { RedisConnection } from '../redis/redis.service.js';
import { LimitStore, MemoryLimitStore, type Hit } from './limit-store.js';

const PREFIX = 'lawrei:limit:';
/** Counts and begins the window in one step, so that a counter without an end can never stay. */
const COUNT = `local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return {count, redis.call('pttl', KEYS[1])}`;

/** Windows that all nodes share; while Redis is away each counts by itself, so that no limit is ever open. */
@Injectable()
export class RedisLimitStore extends LimitStore {
  private readonly own = new MemoryLimitStore();

  constructor(private readonly redis: RedisConnection) {
    super();
  }

  override hit(key: string, max: number, windowMs: number, now: number): Hit | Promise<Hit> {
    if (!this.redis.isUp) return this.own.hit(key, max, windowMs, now);
    return this.shared(key, max, windowMs, now);
  }

  private async shared(key: string, max: number, windowMs: number, now: number): Promise<Hit> {
    const answer = await this.redis.ask((client) => client.eval(COUNT, 1, PREFIX + key, windowMs));
    const [count, leftMs]: unknown[] = Array.isArray(answer) ? answer : [];
    if (typeof count !== 'number' || typeof leftMs !== 'number') return this.own.hit(key, max, windowMs, now);
    return {
      fits: count <= max,
      remaining: Math.max(0, max - count),
      resetSeconds: Math.max(1, Math.ceil(leftMs / 1_000)),
    };
  }
}
