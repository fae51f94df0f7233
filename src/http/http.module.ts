import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Config } from '../config/config.js';
import { RedisConnection } from '../redis/redis.service.js';
import { CachingInterceptor } from './caching.interceptor.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencySweeper } from './idempotency-sweeper.js';
import { LimitInterceptor } from './limit.interceptor.js';
import { LimitStore, MemoryLimitStore } from './limit-store.js';
import { RedisLimitStore } from './redis-limit-store.js';
import { LimitsHook } from './limits.hook.js';
import { StrictRequestInterceptor } from './strict-request.interceptor.js';
import { TrafficLimits } from './traffic-limits.js';
import { HttpPersonalData } from './http.personal-data.js';

/** What every route gets by its decorators. The order counts: limits first; the idempotent transaction closest to the handler. */
@Module({
  providers: [
    HttpPersonalData,
    {
      provide: LimitStore,
      useFactory: ({ redisUrl }: Config, redis: RedisConnection) =>
        redisUrl === null ? new MemoryLimitStore() : new RedisLimitStore(redis),
      inject: [Config, RedisConnection],
    },
    TrafficLimits,
    LimitsHook,
    IdempotencySweeper,
    { provide: APP_INTERCEPTOR, useClass: LimitInterceptor },
    { provide: APP_INTERCEPTOR, useClass: StrictRequestInterceptor },
    { provide: APP_INTERCEPTOR, useClass: CachingInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
export class HttpModule {}
