import { BullModule } from '@nestjs/bull';
import { Module, type DynamicModule } from '@nestjs/common';
import type { QueueOptions } from 'bull';
import { Redis } from 'ioredis';
import { REDIS_OPTIONS } from '../redis/redis.service.js';
import { BullWire } from './bull-wire.js';
import { EffectWire } from './effect-wire.js';
import { LANE_NAMES, LANES, type LaneWidth } from './lanes.js';
import { OutboxModule } from './outbox.module.js';
import { RedisLines } from './redis-lines.js';

/** Bull's workers, for installations that have Redis. */
@Module({})
export class BullWireModule {
  static of(redisUrl: string): DynamicModule {
    const lines = new RedisLines(
      () => new Redis(redisUrl, { ...REDIS_OPTIONS, maxRetriesPerRequest: null, enableReadyCheck: false }),
    );
    const queues = LANE_NAMES.map((name) => {
      const width: LaneWidth = LANES[name];
      const limiter =
        width.perSecond === undefined ? {} : { limiter: { max: width.perSecond, duration: 1_000 } };
      const options: QueueOptions = { prefix: 'lawrei', createClient: (type) => lines.of(type), ...limiter };
      return BullModule.registerQueue({ name, ...options });
    });
    return {
      module: BullWireModule,
      global: true,
      imports: [OutboxModule, ...queues],
      providers: [
        BullWire,
        { provide: EffectWire, useExisting: BullWire },
        { provide: RedisLines, useValue: lines },
      ],
      exports: [EffectWire],
    };
  }
}
