import { statement } from '../database/statement.js';
import { MESSAGE_CUT } from './personal-data.sql.js';

/** $1 months. Written and due before that, by app time as both are. */
const PAST = `m.to_address <> 'erased' and m.created_at < app_now() - make_interval(months => $1) and m.due_at < app_now() - make_interval(months => $1)
      and not exists (select from customer c where c.id = m.customer_id and c.legal_hold is not null)`;

export const MESSAGE_PAST_COUNT = statement(
  'message-past-count',
  `select count(*)::int as rows from message m where ${PAST}`,
);

/** $1 months, $2 most. What somebody else just works on is left for the next round. */
export const MESSAGE_PAST_CUT = statement(
  'message-past-cut',
  `update message set ${MESSAGE_CUT}
    where id in (select id from message m where ${PAST} order by created_at limit $2 for update skip locked)
    returning id, provider_id is not null as at_provider`,
);
