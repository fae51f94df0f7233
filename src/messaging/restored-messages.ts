import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BOOT } from '../common/actor.js';
import { CalledAfterRestore, type Restoration } from '../common/restoration.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import type { KnownMessage } from './channel.port.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';
import { KNOWN_PROVIDER_IDS } from './messaging.sql.js';
import { HELD_BACK_MESSAGES, MESSAGES_TO_HOLD_BACK } from './restored-messages.sql.js';

const REASON = 'held back: it may have been done after the backup that was restored';
/** Clocks of two machines differ. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

interface HeldBack {
  readonly effect: string;
  readonly message: string;
}

/**
 * A backup does not know what was sent after it. Whatever leads to a message and is due by now is held back; a text goes out after
 * all when the provider has sent its recipient nothing that
 * the backup does not know.
 */
@CalledAfterRestore()
@Injectable()
export class RestoredMessages implements Restoration {
  readonly order = 2;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly channels: ChannelRegistry,
  ) {}

  async afterRestore(backedUpAt: Date): Promise<string[]> {
    const held = await this.database.transact(BOOT, async (em) => {
      const due = await run<{ id: string }>(em, MESSAGES_TO_HOLD_BACK);
      return this.outbox.bury(
        em,
        due.map(({ id }) => id),
        REASON,
      );
    });
    const released = await this.releaseTexts(backedUpAt);
    return [
      `Held back ${held} effects that lead to messages and may have been done since.`,
      `${released} of them are texts whose recipients got none that the backup does not know: these go out. The others wait at GET /admin/outbox?state=dead.`,
    ];
  }

  /** A provider that does not answer releases nothing. */
  private async releaseTexts(backedUpAt: Date): Promise<number> {
    const since = new Date(backedUpAt.getTime() - CLOCKS_DIFFER_MS);
    const texts = await this.database.transact(BOOT, (em) => run<HeldBack>(em, HELD_BACK_MESSAGES, [REASON]));
    const sms = this.channels.of('sms');
    let released = 0;
    for (const { effect, message: id } of texts) {
      const { toAddress } = await this.database.transact(BOOT, (em) => em.findOneOrFail(Message, id));
      const sent = await sms.listSince(toAddress, since).catch(() => null);
      const isReleased = await this.database.transact(BOOT, async (em) => {
        if (sent === null || (await this.areUnknown(em, sent))) return false;
        return this.outbox.revive(em, effect);
      });
      if (isReleased) released += 1;
    }
    return released;
  }

  /** Whether the provider has a text that the backup knows nothing of. */
  private async areUnknown(em: EntityManager, sent: readonly KnownMessage[]): Promise<boolean> {
    const ids = sent.map(({ providerId }) => providerId);
    return (await run(em, KNOWN_PROVIDER_IDS, [ids])).length < ids.length;
  }
}
