import { Out } from '../../common/fields/response.fields.js';
import { PageQuery } from '../../common/page.js';
import { OneOf } from '../../common/fields/text.fields.js';
import {
  OUTBOX_STATES,
  type OutboxMessage,
  type OutboxState,
} from '../../outbox/entities/outbox-message.entity.js';

/** Which effects to list. */
export class OutboxQuery extends PageQuery {
  @OneOf(OUTBOX_STATES, { optional: true }) state?: OutboxState;
}

/** One effect: what, for whom, how often it was tried, and why it failed last. */
export class OutboxMessageResponse {
  @Out.id() id!: string;
  @Out.text() topic!: string;
  @Out.text() handler!: string;
  @Out.oneOf(OUTBOX_STATES) state!: OutboxState;
  @Out.int({ description: 'How often it was begun' }) attempt!: number;
  @Out.int({ description: 'How often it failed; eight times and it is dead' }) failures!: number;
  @Out.int({ description: 'How often the process that ran it went away; twelve times and it is dead' })
  lostClaims!: number;
  @Out.instant() dueAt!: string;
  @Out.text({ nullable: true }) lastError!: string | null;
  @Out.text({ nullable: true }) requestId!: string | null;
  @Out.instant() createdAt!: string;

  static from(row: OutboxMessage): OutboxMessageResponse {
    return Object.assign(new OutboxMessageResponse(), {
      id: row.id,
      topic: row.topic,
      handler: row.handler,
      state: row.state,
      attempt: row.attempt,
      failures: row.failures,
      lostClaims: row.lostClaims,
      dueAt: row.dueAt.toISOString(),
      lastError: row.lastError ?? null,
      requestId: row.requestId ?? null,
      createdAt: row.createdAt.toISOString(),
    });
  }
}
