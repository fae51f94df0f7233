import type { SandboxClient, SandboxState } from '../../../src/sandbox/sandbox.client.js';
import { brokenInvariants } from '../../support/booking-invariants.js';
import { calendarFaults } from '../../support/calendar-bijection.js';
import type { Sql } from '../../support/own-database.js';
import type { Booked } from './customers.js';

/** What is wrong in the end, in words: by what was meant and did not come, and by what came more than once. */
export interface Findings {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Texts at the provider that no message of ours accounts for: sent again while the first was there. */
  readonly blind: readonly string[];
  /** Texts that two sendings in a row did not bring to the provider, for all anybody knows; an e-mail told the same. */
  readonly textsGivenUp: number;
  /** E-mails handed over once more under the same Message-ID. */
  readonly mailsAgain: number;
  /** Before people instead of on its way. */
  readonly flagged: number;
}

interface Meant {
  id: string;
  channel: 'sms' | 'email';
  family: string;
  state: string;
  provider_id: string | null;
  reason: string | null;
  replaced: boolean;
}

const REACHED = ['queued', 'accepted', 'sending', 'sent', 'delivered'];
const NOT_MEANT = ['superseded', 'cancelled'];
/** Ends of a text after which an e-mail has to tell the same. */
const GIVEN_UP = ['failed', 'undelivered', 'expired'];

/** Joins what the providers got with what the database says was meant. */
export async function audit(sql: Sql, sandbox: SandboxClient, booked: readonly Booked[]): Promise<Findings> {
  const state = await sandbox.state();
  const [messages, effects, bookings, money, calendar, rules] = [
    await messagesMeant(sql),
    await effectsLeft(sql),
    await bookingsLost(sql, booked),
    await moneyFaults(sql, state),
    await calendarFaults(sql, state.events),
    await brokenInvariants(sql),
  ];
  const texts = textFaults(messages, state);
  const rows = await sql<{ id: string }>(`select id from message where channel = 'email'`);
  const mails = mailFaults(messages, new Set(rows.map(({ id }) => id)), state);
  const isTwice = (fault: string) => / \d+ calendars$| twice| nobody’s$/.test(fault);
  const others = [...money, ...calendar, ...rules];
  return {
    lost: [
      ...effects,
      ...bookings,
      ...texts.lost,
      ...mails.lost,
      ...others.filter((fault) => !isTwice(fault)),
    ],
    doubled: [...mails.doubled, ...others.filter(isTwice)],
    blind: texts.blind,
    textsGivenUp: texts.givenUp,
    mailsAgain: mails.again,
    flagged: (
      await sql<{ id: string }>('select id from message where flagged_at is not null and final_at is null')
    ).length,
  };
}

/** A word that a hold is about to run out is worth nothing once it has. */
function messagesMeant(sql: Sql): Promise<Meant[]> {
  return sql<Meant>(
    `select m.id, m.channel, m.family, m.state, m.provider_id, m.reason,
            case when m.state = any($1) then exists (select from message e where e.channel = 'email' and e.provider_id is not null
              and (e.instead_of_id = m.id or (e.booking_id = m.booking_id and e.family = m.family and e.revision = m.revision))) else false end as replaced
       from message m
      where m.direction = 'out' and m.due_at <= app_now() and not (m.family = 'booking_held' and m.state = 'expired')`,
    [GIVEN_UP],
  );
}

/** Every text of the provider's is known as a message's, and every message that says it went is there. */
function textFaults(messages: readonly Meant[], { sms }: SandboxState) {
  const ours = messages.filter(({ channel }) => channel === 'sms');
  const known = new Set(ours.map(({ provider_id }) => provider_id));
  const there = new Set(sms.map(({ sid }) => sid));
  const isGivenUp = ({ state, replaced }: Meant) => GIVEN_UP.includes(state) && replaced;
  const isLost = (message: Meant) =>
    REACHED.includes(message.state)
      ? !there.has(message.provider_id ?? '')
      : !NOT_MEANT.includes(message.state) && !isGivenUp(message);
  return {
    lost: ours.filter(isLost).map(wordsOf),
    givenUp: ours.filter(isGivenUp).length,
    blind: sms.filter(({ sid }) => !known.has(sid)).map(({ sid, to }) => `text ${sid} to ${to} is nobody’s`),
  };
}

/**
 * A mail that is handed over again keeps its Message-ID, which is its row's id, and mailboxes show it once. So a mail is doubled when
 * it belongs to no row, or to another of the same meaning, which the rows' own keys forbid.
 */
function mailFaults(messages: readonly Meant[], rows: ReadonlySet<string>, { emails }: SandboxState) {
  const there = new Set(emails.map(rowOf));
  const isLost = ({ id, state }: Meant) => !there.has(id) && !NOT_MEANT.includes(state);
  return {
    lost: messages.filter((message) => message.channel === 'email' && isLost(message)).map(wordsOf),
    doubled: [...there].filter((id) => !rows.has(id)).map((id) => `mail ${id} is nobody’s`),
    again: emails.length - there.size,
  };
}

const rowOf = ({ messageId }: { messageId: string | null }) => (messageId ?? '').replace(/^<|@.*$/g, '');

const wordsOf = ({ id, channel, family, state, reason }: Meant) =>
  `${channel} ${family} ${id} is ${state}: ${reason ?? 'without a reason'}`;

async function effectsLeft(sql: Sql): Promise<string[]> {
  const rows = await sql<{ handler: string; state: string; last_error: string | null }>(
    `select handler, state, last_error from outbox_message
      where state in ('dead', 'claimed') or (state = 'pending' and due_at <= app_now())`,
  );
  return rows.map(({ handler, state, last_error }) => `effect ${handler} is ${state}: ${last_error ?? ''}`);
}

async function bookingsLost(sql: Sql, booked: readonly Booked[]): Promise<string[]> {
  const there = new Set((await sql<{ id: string }>('select id from booking')).map(({ id }) => id));
  const owners = await sql<{ phone: string }>(
    `select phone from customer c join booking b on b.customer_id = c.id group by phone having count(*) > 1`,
  );
  return [
    ...booked.filter(({ id }) => !there.has(id)).map(({ id }) => `booking ${id} was confirmed and is gone`),
    ...owners.map(({ phone }) => `${phone} booked once and has it twice`),
  ];
}

/** The provider's books and ours, booking by booking. */
async function moneyFaults(sql: Sql, { payments }: SandboxState): Promise<string[]> {
  const rows = await sql<{ id: string; status: string; paid: number; refunded: number }>(
    `select b.id, b.status,
            (select coalesce(sum(amount_minor), 0)::int from payment p where p.booking_id = b.id and p.state = 'succeeded') as paid,
            (select coalesce(sum(amount_minor), 0)::int from refund r where r.booking_id = b.id and r.state = 'succeeded') as refunded
       from booking b`,
  );
  const charged = Map.groupBy(
    payments.filter(({ status }) => status === 'succeeded'),
    ({ metadata }) => metadata['bookingId'] ?? '',
  );
  return rows.flatMap(({ id, status, paid, refunded }) => {
    const theirs = charged.get(id) ?? [];
    const [received, returned] = [
      theirs.reduce((sum, { amount }) => sum + amount, 0),
      theirs.reduce((sum, payment) => sum + payment.refunded, 0),
    ];
    return [
      ...(theirs.length > 1 ? [`booking ${id} was charged twice`] : []),
      ...(received !== paid ? [`booking ${id}: ${received} charged, ${paid} in our books`] : []),
      ...(returned !== refunded ? [`booking ${id}: ${returned} given back, ${refunded} in our books`] : []),
      ...(['cancelled', 'expired'].includes(status) && received !== returned
        ? [`booking ${id} is ${status}, and ${received - returned} are kept`]
        : []),
    ];
  });
}
