import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../common/actor.js';
import { VersionMismatch } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Config } from '../config/config.js';
import { environmentSettings, type EffectiveSetting } from '../config/effective-settings.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { CurrencyInUse, QuietHoursOutOfOrder, RefundTiersRepeat } from './business.errors.js';
import { BusinessService } from './business.service.js';
import type { Business } from './entities/business.entity.js';
import { changesOf, SETTINGS, type SettingsChange } from './settings.types.js';

/** What the owner decides about the salon; a change binds new bookings only, existing ones keep the policy they were made under. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly audit: AuditLog,
    private readonly config: Config,
  ) {}

  get(actor: StaffActor): Promise<Business> {
    return this.database.transact(actor, (em) => this.business.get(em));
  }

  /** Changes what is named and nothing else; `version` is the one the owner read, null when they did not say. */
  async change(actor: StaffActor, change: SettingsChange, version: number | null): Promise<Business> {
    return this.database.transact(actor, async (em) => {
      const business = await this.business.lock(em);
      if (version !== null && business.version !== version) throw new VersionMismatch();
      Object.assign(business, changesOf(change));
      refuseContradictions(business);
      await this.flush(em);
      await this.audit.record(em, actor, {
        action: 'settings.changed',
        subjectKind: 'business',
        subjectId: business.id,
        details: { settings: Object.keys(change).sort().join(',') },
      });
      return business;
    });
  }

  /** Every setting in force with where it comes from; secrets show only whether they are set. */
  async effective(actor: StaffActor): Promise<EffectiveSetting[]> {
    const business = await this.get(actor);
    const stored = SETTINGS.map((name): EffectiveSetting => {
      const value = business[name] ?? null;
      return {
        name,
        value: value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value),
        origin: 'db',
      };
    });
    return [...environmentSettings(this.config), ...stored];
  }

  private async flush(em: EntityManager): Promise<void> {
    try {
      await em.flush();
    } catch (error) {
      if (violates(error, 'service_currency_of_business_exists')) throw new CurrencyInUse();
      throw error;
    }
  }
}

function refuseContradictions({ quietFrom, quietTo, refundTiers }: Business): void {
  if (quietFrom >= quietTo) throw new QuietHoursOutOfOrder();
  if (new Set(refundTiers.map((tier) => tier.hoursBefore)).size < refundTiers.length)
    throw new RefundTiersRepeat();
}
