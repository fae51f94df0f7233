import { Injectable } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Forgetting } from './forgetting.service.js';
import { LEDGER_BACK, LEDGER_LIST, LEDGER_TAKE, PERSON_LOCK } from './privacy.sql.js';

/** Who was forgotten, to be kept beside the backups: whoever restores one forgets them again. */
@Injectable()
export class ErasureLedger {
  constructor(
    private readonly database: Database,
    private readonly forgetting: Forgetting,
  ) {}

  /** The ids, oldest first. */
  async list(): Promise<string[]> {
    const rows = await this.database.transact(BOOT, (em) => run<{ customer_id: string }>(em, LEDGER_LIST));
    return rows.map((row) => row.customer_id);
  }

  /**
   * Takes over ids of a ledger that was kept elsewhere, and forgets everybody in it who is here again. Nothing stands in the way
   * but the law: what was owed was settled before it was done the first time. Returns how many, and who could not be.
   */
  async replay(kept: readonly string[] = []): Promise<{ forgotten: number; failed: string[] }> {
    const back = await this.database.transact(BOOT, async (em) => {
      await run(em, LEDGER_TAKE, [[...kept]]);
      return run<{ customer_id: string }>(em, LEDGER_BACK);
    });
    const failed: string[] = [];
    for (const { customer_id: id } of back) {
      try {
        await this.database.transact(BOOT, async (em, now) => {
          await run(em, PERSON_LOCK, [id]);
          await this.forgetting.forget(em, BOOT, id, now, 'replay');
        });
      } catch {
        failed.push(id);
      }
    }
    return { forgotten: back.length - failed.length, failed };
  }
}
