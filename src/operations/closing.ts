import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';

/** How long a deployed process goes on serving after readiness said no: a load balancer needs that long to notice. */
const NOTICE_MS = 5_000;

/** Set once the process was asked to end: answers then close their connection, and readiness says no. */
@Injectable()
export class Closing implements BeforeApplicationShutdown {
  now = false;

  constructor(private readonly config: Config) {}

  /** Readiness says no at once; resolves when nobody sends requests here any more, in production after five seconds. */
  async announce(): Promise<void> {
    this.now = true;
    if (this.config.production) await sleep(NOTICE_MS);
  }

  beforeApplicationShutdown(): void {
    this.now = true;
  }
}
