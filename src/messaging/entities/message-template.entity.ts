import { defineEntity, p } from '@mikro-orm/core';
import { MESSAGE_CHANNELS, TEMPLATE_NAMES } from '../text/families.js';

const MessageTemplateSchema = defineEntity({
  name: 'MessageTemplate',
  properties: {
    /** e.g. `sms.booking_confirmed.en` */
    key: p.string().length(80).primary(),
    channel: p.enum(MESSAGE_CHANNELS),
    name: p.enum(TEMPLATE_NAMES),
    language: p.string().length(2),
    draftSubject: p.string().length(200).nullable(),
    /** What is being written; null when nothing is. */
    draftBody: p.text().nullable(),
    version: p.integer().version(),
  },
  checks: [
    {
      name: 'message_template_key_tells_what',
      expression: `key = channel || '.' || name || '.' || language and language ~ '^[a-z]{2}$'`,
    },
    {
      name: 'message_template_subject_of_emails',
      expression: `draft_subject is null or (channel = 'email' and draft_body is not null)`,
    },
  ],
});

/** The salon's own wording of one message on one channel in one language. */
export class MessageTemplate extends MessageTemplateSchema.class {}
MessageTemplateSchema.setClass(MessageTemplate);
