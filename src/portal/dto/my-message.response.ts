import { Out } from '../../common/fields/response.fields.js';
import { STORED_FAMILIES, STORED_STATES, type Message } from '../../messaging/entities/message.entity.js';

/** A text or an e-mail between the salon and the customer; links in it are capabilities and are not shown again. */
export class MyMessageResponse {
  @Out.id() id!: string;
  @Out.oneOf(['out', 'in'], { description: '`in`: the customer wrote it' }) direction!: string;
  @Out.oneOf(['sms', 'email']) channel!: string;
  @Out.oneOf(STORED_FAMILIES, { description: 'What it is about' }) family!: string;
  @Out.oneOf(STORED_STATES) state!: string;
  @Out.text({ description: 'Where it went, or came from' }) contact!: string;
  @Out.id({ nullable: true }) bookingId!: string | null;
  @Out.text({ nullable: true }) subject!: string | null;
  @Out.text({ nullable: true, description: 'Null until it is sent' }) body!: string | null;
  @Out.instant() createdAt!: string;
  @Out.instant({ description: 'When it is to be sent, or was' }) dueAt!: string;

  static from(this: void, message: Message): MyMessageResponse {
    const { id, direction, channel, family, state } = message;
    return {
      ...{ id, direction, channel, family, state },
      contact: message.toAddress,
      bookingId: message.bookingId ?? null,
      subject: message.subject ?? null,
      body: message.body ?? null,
      createdAt: message.createdAt.toISOString(),
      dueAt: message.dueAt.toISOString(),
    };
  }
}
