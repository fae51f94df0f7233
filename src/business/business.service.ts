import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BOOT } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { KeyedHash } from '../common/keyed-hash.js';
import { Config, type BusinessSeed } from '../config/config.js';
import { ConfigurationError } from '../config/environment.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import {
  BUSINESS_CLAIM_HOURS_SEED,
  BUSINESS_KEY_CHECK,
  BUSINESS_KEY_FORGET,
  BUSINESS_LOCK,
  BUSINESS_RESTORED,
  BUSINESS_SEED,
} from './business.sql.js';
import { Business } from './entities/business.entity.js';

/** The weekly hours an empty database begins with: the same on each of the days (ISO, 1 = Monday), in full hours. */
export type HoursSeed = Pick<BusinessSeed, 'startHour' | 'endHour' | 'days'>;

const OTHER_KEY =
  'ENCRYPTION_KEY is not the one this database was used with: whoever said STOP would be texted again. Set the one from before, or see "Changing secrets" in docs/runbook.md.';

/** The salon itself: its one row, made at the first boot from the configuration and the truth ever after. */
@Injectable()
export class BusinessService implements OnModuleInit {
  private readonly logger = new Logger(BusinessService.name);

  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly keyed: KeyedHash,
  ) {}

  /**
   * First rows of an empty database; every later start finds them and changes nothing. In production it throws ConfigurationError under
   * another `ENCRYPTION_KEY` than before: contacts that said STOP are known by hashes under it alone.
   */
  async onModuleInit(): Promise<void> {
    const { name, address, timeZone, currency } = this.config.business;
    await this.database.transact(BOOT, async (em) => {
      await run(em, BUSINESS_SEED, [newId(), name, address, timeZone, currency]);
      if (await this.knowsKey(em)) return;
      if (this.config.production) throw new ConfigurationError(OTHER_KEY);
      this.logger.warn(OTHER_KEY);
      await run(em, BUSINESS_KEY_FORGET);
      await this.knowsKey(em);
    });
  }

  private async knowsKey(em: EntityManager): Promise<boolean> {
    const [row] = await run<{ same: boolean }>(em, BUSINESS_KEY_CHECK, [this.keyed.hmac('key-check', '')]);
    return row?.same ?? true;
  }

  /** The salon as the running transaction sees it. */
  get(em: EntityManager): Promise<Business> {
    return em.findOneOrFail(Business, { singleton: true });
  }

  /**
   * Held by every change of the settings, the catalogue and the hours before any other lock: each of them counts the catalogue's
   * revision up in this row at its end, and two that met there from different sides would deadlock.
   */
  async lock(em: EntityManager): Promise<Business> {
    await run(em, BUSINESS_LOCK);
    return em.findOneOrFail(Business, { singleton: true }, { refresh: true });
  }

  /** The hours to begin with, to exactly one caller in the life of a database; null to everyone else. */
  async claimHoursSeed(em: EntityManager): Promise<HoursSeed | null> {
    const claimed = await run(em, BUSINESS_CLAIM_HOURS_SEED);
    return claimed.length === 0 ? null : this.config.business;
  }

  /** Remembers that all this was put back just now from a backup that knows what happened until `backedUpAt`, real time. */
  async noteRestoration(em: EntityManager, backedUpAt: Date): Promise<void> {
    await run(em, BUSINESS_RESTORED, [backedUpAt]);
  }
}
