import { statement } from '../database/statement.js';

/** Due by now, and not begun as far as the backup knows: of what was begun the provider is asked anyway. */
export const MESSAGES_TO_HOLD_BACK = statement(
  'messages-to-hold-back',
  `select o.id from outbox_message o left join message m on m.id = (o.payload ->> 'messageId')::uuid
    where o.state in ('pending', 'claimed') and o.due_at <= app_now()
      and (o.handler like 'messaging.%' or (o.handler in ('message.send', 'message.send-now') and m.state = 'planned'))`,
);

/** $1 reason. Texts that were held back for it. */
export const HELD_BACK_MESSAGES = statement(
  'held-back-messages',
  `select o.id as effect, m.id as message from outbox_message o join message m on m.id = (o.payload ->> 'messageId')::uuid
    where o.state = 'dead' and o.last_error = $1 and o.handler in ('message.send', 'message.send-now') and m.channel = 'sms' and m.state = 'planned'
    order by o.due_at, o.id`,
);
