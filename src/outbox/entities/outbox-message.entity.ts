import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { LANE_NAMES } from '../lanes.js';

export const OUTBOX_STATES = ['pending', 'claimed', 'done', 'dead'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

const OutboxMessageSchema = defineEntity({
  name: 'OutboxMessage',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    topic: p.string().length(80),
    handler: p.string().length(80),
    payloadVersion: p.integer().default(1),
    payload: p.json<Record<string, unknown>>(),
    dedupeKey: p.string().length(200).unique('outbox_message_dedupe_key_unique'),
    state: p.enum(OUTBOX_STATES).default('pending'),
    /** Whom its handler calls, and so with which others it shares places. */
    lane: p.enum(LANE_NAMES).default('usual'),
    dueAt: p.datetime(),
    expiresAt: p.datetime().nullable(),
    retryAt: p.datetime().nullable(),
    /** When workers were last told of it over Redis; real time. */
    hintedAt: p.datetime().nullable(),
    attempt: p.integer().default(0),
    failures: p.integer().default(0),
    lostClaims: p.integer().default(0),
    claimedBy: p.string().length(80).nullable(),
    leaseUntil: p.datetime().nullable(),
    lastError: p.string().length(500).nullable(),
    requestId: p.string().length(100).nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    finishedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'outbox_message_due',
      expression: `create index outbox_message_due on outbox_message (due_at) where state = 'pending'`,
    },
    {
      name: 'outbox_message_lane',
      expression: `create index outbox_message_lane on outbox_message (lane, due_at, id) where state = 'pending'`,
    },
    {
      name: 'outbox_message_leases',
      expression: `create index outbox_message_leases on outbox_message (lease_until) where state = 'claimed'`,
    },
    {
      name: 'outbox_message_dead',
      expression: `create index outbox_message_dead on outbox_message (created_at, id) where state = 'dead'`,
    },
    {
      name: 'outbox_message_retries',
      expression: `create index outbox_message_retries on outbox_message (retry_at) where state = 'pending' and retry_at is not null`,
    },
    {
      name: 'outbox_message_suspects',
      expression: `create index outbox_message_suspects on outbox_message (due_at, id) where state = 'pending' and lost_claims >= 3`,
    },
    {
      name: 'outbox_message_expiring',
      expression: `create index outbox_message_expiring on outbox_message (expires_at) where state = 'pending' and expires_at is not null`,
    },
    { name: 'outbox_message_list', properties: ['createdAt', 'id'] },
  ],
  checks: [
    {
      name: 'outbox_message_claim_has_lease',
      expression: `state <> 'claimed' or (claimed_by is not null and lease_until is not null)`,
    },
    {
      name: 'outbox_message_attempts_bounded',
      expression: 'failures >= 0 and lost_claims >= 0 and failures + lost_claims <= attempt',
    },
  ],
});

/**
 * One effect that must leave the process, for one handler. `attempt` counts claims and never falls: it is the fence.
 * `failures` counts errors of its handler, `lost_claims` how often a claimer's lease ran out: it may have died of something else.
 * `due_at` and `expires_at` are app time; `retry_at` and `lease_until` are real time.
 */
export class OutboxMessage extends OutboxMessageSchema.class {}
OutboxMessageSchema.setClass(OutboxMessage);
