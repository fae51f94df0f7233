import { Injectable } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { ExaminedByDoctor, ok, warning, type Checkup, type Finding } from '../common/checkup.js';
import { Config } from '../config/config.js';
import { RedisConnection } from '../redis/redis.service.js';

const LONGEST_MS = 3_000;
const LOOK_MS = 50;

/** Whether Redis is there where it is meant to be. It is never more than a warning: nothing depends on it. */
@Injectable()
@ExaminedByDoctor()
export class RedisCheckup implements Checkup {
  readonly part = 'redis';

  constructor(
    private readonly config: Config,
    private readonly redis: RedisConnection,
  ) {}

  async examine(): Promise<Finding[]> {
    if (this.config.redisUrl === null) return [ok('Not used: one process shares its work with nobody.')];
    for (let waited = 0; waited < LONGEST_MS && !this.redis.isUp; waited += LOOK_MS) await wait(LOOK_MS);
    return [
      this.redis.isUp
        ? ok('It answers.')
        : warning(
            'It does not answer: work is not shared out, limits are counted by each process.',
            'Check REDIS_URL.',
          ),
    ];
  }
}
