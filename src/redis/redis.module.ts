import { Global, Module } from '@nestjs/common';
import { RedisConnection } from './redis.service.js';

/** The way to Redis, where there is one. */
@Global()
@Module({ providers: [RedisConnection], exports: [RedisConnection] })
export class RedisModule {}
