import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import type { ClaimedRow } from './effect.runner.js';
import { HandlerRegistry } from './handler.registry.js';
import { OUTBOX_CLAIM_ONE } from './outbox.sql.js';

/** Claims rows in the name of this process. */
@Injectable()
export class EffectClaims {
  readonly claimer = `${hostname().slice(0, 40)}-${process.pid}-${newId().slice(-6)}`;

  constructor(
    private readonly database: Database,
    private readonly registry: HandlerRegistry,
    private readonly config: Config,
  ) {}

  /** Null when somebody else has it, or it is not due. */
  async one(id: string): Promise<ClaimedRow | null> {
    const values = [id, this.claimer, this.config.outboxLeaseMs, this.registry.names()];
    const [row] = await this.database.execute<ClaimedRow>(WORKER, OUTBOX_CLAIM_ONE, values);
    return row ?? null;
  }
}
