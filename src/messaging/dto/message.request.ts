import { OneOf, Text } from '../../common/fields/text.fields.js';
import { Bool, Id } from '../../common/fields/value.fields.js';
import { PageQuery } from '../../common/page.js';
import { STORED_STATES } from '../entities/message.entity.js';
import { MESSAGE_CHANNELS } from '../text/families.js';

/** Filters of the message log. */
export class MessagesQuery extends PageQuery {
  @OneOf(STORED_STATES, { optional: true }) state?: string;
  @OneOf(MESSAGE_CHANNELS, { optional: true }) channel?: string;
  @OneOf(['in', 'out'], { optional: true, description: '`in` is the inbox: what customers wrote' })
  direction?: string;
  @Id({ optional: true }) bookingId?: string;
  @Id({ optional: true }) customerId?: string;
  @Bool({ optional: true, description: 'Only those that people should look at' }) flagged?: boolean;
}

export class SendMessageRequest {
  @Id() customerId!: string;
  @OneOf(MESSAGE_CHANNELS) channel!: 'sms' | 'email';
  @Text({ max: 200, optional: true, description: 'For e-mails' }) subject?: string;
  @Text({ max: 1000, example: 'We found your umbrella. It waits for you at the desk.' }) body!: string;
}
