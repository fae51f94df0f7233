import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../common/ids.js';
import { KeyedHash } from '../common/keyed-hash.js';
import { run } from '../database/statement.js';
import { OPT_OUT_ADD, OPT_OUT_FIND, OPT_OUT_LIFT } from './customers.sql.js';

export type OptOutChannel = 'sms' | 'email';

/** Contacts that said STOP. Kept as keyed hashes: STOP survives the erasure of the person, the number does not. */
@Injectable()
export class OptOutService {
  constructor(private readonly keyed: KeyedHash) {}

  /** The keyed hash (43 characters) by which a normalised contact (E.164, lower-case address) is known in `opt_out`. */
  contactHash(contact: string): string {
    return this.keyed.hmac('opt-out', contact);
  }

  async isOptedOut(em: EntityManager, channel: OptOutChannel, contact: string): Promise<boolean> {
    return (await run(em, OPT_OUT_FIND, [channel, this.contactHash(contact)])).length > 0;
  }

  /** Ends messages to the contact; false when they had ended already. `source` says who: `sms`, `staff`, `provider` … */
  async optOut(em: EntityManager, channel: OptOutChannel, contact: string, source: string): Promise<boolean> {
    return (await run(em, OPT_OUT_ADD, [newId(), channel, this.contactHash(contact), source])).length > 0;
  }

  /** Allows messages again; false when nothing stood in the way. */
  async lift(em: EntityManager, channel: OptOutChannel, contact: string): Promise<boolean> {
    return (await run(em, OPT_OUT_LIFT, [channel, this.contactHash(contact)])).length > 0;
  }
}
