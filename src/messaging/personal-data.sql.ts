import { statement } from '../database/statement.js';

/** $1 customer, $2 hashes of their contacts. */
export const MESSAGE_EXPORT = statement(
  'message-export',
  `select to_jsonb(m) - 'body_hash' - 'dedupe_key' - 'to_hash' - 'reason' - 'requested_by' as row
     from message m where customer_id = $1 or (customer_id is null and to_hash = any($2::text[])) order by created_at, id`,
);

/** $1 customer. */
export const ATTEMPT_EXPORT = statement(
  'attempt-export',
  'select to_jsonb(a) as row from message_attempt a where customer_id = $1 order by started_at, id',
);

/** What a message loses: that it was sent, when and how it went stays; to whom and what does not. */
export const MESSAGE_CUT = `to_address = 'erased', to_hash = 'erased', subject = null, body = null, body_hash = null, reason = null, flagged_at = null,
          dedupe_key = case when family = 'welcome' then 'erased:' || id else dedupe_key end,
          state = case when state in ('planned', 'submitting', 'unknown') then 'superseded' else state end,
          final_at = coalesce(final_at, case when state in ('planned', 'submitting', 'unknown') then app_now() end)`;

/** $1 customer, $2 hashes of their contacts. */
export const MESSAGE_ERASE = statement(
  'message-erase',
  `update message set ${MESSAGE_CUT}
    where (customer_id = $1 or (customer_id is null and to_hash = any($2::text[]))) and to_address <> 'erased' returning id, provider_id is not null as at_provider`,
);

/** $1 customer. The contacts of the person and of the guests that were given to them. */
export const CONTACTS_OF = statement(
  'contacts-of',
  `select phone, email from customer where id = $1 or merged_into_id = $1`,
);
