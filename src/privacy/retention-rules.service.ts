import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../common/actor.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import type { DataClass } from '../database/retention.js';
import { RetentionNight } from './entities/retention-night.entity.js';
import { RetentionRule } from './entities/retention-rule.entity.js';
import type { Rules } from './retention.types.js';

/** The rules in force and the last night that kept them. */
export interface Retained {
  readonly rules: Rules;
  readonly lastNight: RetentionNight | null;
}

/** For how long things are kept: the owner's to say, within what the law allows. */
@Injectable()
export class RetentionRules {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  async get(actor: StaffActor): Promise<Retained> {
    return this.database.transact(actor, (em) => this.retained(em));
  }

  /** All of them at once; what is too old by the new ones goes the night after. */
  async set(actor: StaffActor, wanted: Rules): Promise<Retained> {
    return this.database.transact(actor, async (em) => {
      const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { dataClass: 'asc' } } as const;
      const changes: Record<string, string> = {};
      for (const rule of await em.find(RetentionRule, {}, lock)) {
        const months = wanted[rule.dataClass];
        if (months !== rule.months) changes[rule.dataClass] = `${rule.months} → ${months}`;
        rule.months = months;
      }
      await em.flush();
      if (Object.keys(changes).length > 0)
        await this.audit.record(em, actor, { action: 'privacy.retention-changed', details: changes });
      return this.retained(em);
    });
  }

  async of(em: EntityManager): Promise<Rules> {
    const found = new Map<DataClass, number>();
    for (const { dataClass, months } of await em.find(RetentionRule, {})) found.set(dataClass, months);
    const months = (name: DataClass) => {
      const rule = found.get(name);
      if (rule === undefined) throw new Error(`no rule says how long ${name} is kept`);
      return rule;
    };
    return {
      identity: months('identity'),
      notes: months('notes'),
      messages: months('messages'),
      bookings: months('bookings'),
      payments: months('payments'),
      consents: months('consents'),
      audit: months('audit'),
    };
  }

  private async retained(em: EntityManager): Promise<Retained> {
    const [lastNight = null] = await em.find(
      RetentionNight,
      { endedAt: { $ne: null } },
      { orderBy: { day: 'desc' }, limit: 1 },
    );
    return { rules: await this.of(em), lastNight };
  }
}
