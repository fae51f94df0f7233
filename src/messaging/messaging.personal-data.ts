import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { OptOutService } from '../customers/opt-out.service.js';
import {
  HoldsPersonalData,
  NO_BLOCKERS,
  type PersonalData,
  type StoredRow,
} from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { messageForget } from './messaging.events.js';
import { ATTEMPT_EXPORT, CONTACTS_OF, MESSAGE_ERASE, MESSAGE_EXPORT } from './personal-data.sql.js';

/** Texts and e-mails to and from the person, also those that went to a contact of theirs before anybody knew whose it was. */
@Injectable()
@HoldsPersonalData({ section: 'messages', order: 30 })
export class MessagingPersonalData implements PersonalData {
  constructor(
    private readonly optOuts: OptOutService,
    private readonly outbox: Outbox,
  ) {}

  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export(em: EntityManager, customerId: string) {
    const hashes = await this.hashesOf(em, customerId);
    const messages = await run<{ row: StoredRow }>(em, MESSAGE_EXPORT, [customerId, hashes]);
    const attempts = await run<{ row: StoredRow }>(em, ATTEMPT_EXPORT, [customerId]);
    return { message: messages.map(({ row }) => row), message_attempt: attempts.map(({ row }) => row) };
  }

  async erase(em: EntityManager, customerId: string) {
    const hashes = await this.hashesOf(em, customerId);
    const cut = await run<{ id: string; at_provider: boolean }>(em, MESSAGE_ERASE, [customerId, hashes]);
    const theirs = cut.filter((message) => message.at_provider);
    await this.outbox.add(em, ...theirs.map(({ id }) => messageForget(id)));
    return { message: cut.length };
  }

  private async hashesOf(em: EntityManager, customerId: string): Promise<string[]> {
    const rows = await run<{ phone: string | null; email: string | null }>(em, CONTACTS_OF, [customerId]);
    const contacts = rows.flatMap(({ phone, email }) => [phone, email]).filter((contact) => contact !== null);
    return contacts.map((contact) => this.optOuts.contactHash(contact));
  }
}
