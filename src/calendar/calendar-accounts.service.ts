import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Config } from '../config/config.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { IntegrationStatusBoard } from '../outbox/integration-status.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { calendarBroken, CALENDAR_TOPICS } from './calendar.events.js';
import { CALENDAR_PAUSE, CONNECTION_STATE } from './calendar.sql.js';
import { CalendarFailure, CalendarGateway, type CalendarPlace } from './calendar.gateway.js';
import type { ConnectionState } from './entities/calendar-connection.entity.js';

const SHORTEST_PAUSE_MS = 30_000;

/** A calendar with what is needed to call it. */
export interface CalendarRow {
  id: string;
  google_id: string;
  connection_id: string;
  source: 'environment' | 'oauth';
  refresh_token: string | null;
  state: ConnectionState;
  paused: boolean;
}

/** Whom calls are made for, and what is learnt of their accounts from how they end. */
@Injectable()
export class CalendarAccounts implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly secrets: Secrets,
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly board: IntegrationStatusBoard,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.outbox.declare(CALENDAR_TOPICS);
  }

  /** Null where nobody has consented, or not any more: then nothing is to be called. */
  placeOf({ google_id: googleId, connection_id: connectionId, ...row }: CalendarRow): CalendarPlace | null {
    if (this.config.google.mode === 'unconfigured' || row.state === 'broken') return null;
    const stored = row.refresh_token === null ? null : this.secrets.open(row.refresh_token);
    const refreshToken = row.source === 'environment' ? this.config.google.refreshToken : stored;
    return refreshToken === null ? null : { googleId, account: { connectionId, refreshToken } };
  }

  /** A call did what it should. */
  async succeeded({ connection_id: connectionId, state }: CalendarRow): Promise<void> {
    await this.board.succeeded('calendar');
    if (state !== 'ok') await this.turn(connectionId, 'ok', null);
  }

  /** A call did not: the account may be at its end, or Google wants to be left alone. */
  async failed(row: CalendarRow, failure: CalendarFailure): Promise<void> {
    if (failure.kind === 'revoked')
      return this.turn(row.connection_id, 'broken', 'Google no longer accepts the consent that was given.');
    if (failure.kind !== 'out' && failure.kind !== 'limited') return;
    const words = wordsOf(failure);
    await this.board.failed('calendar', words, this.gateway.breaker);
    await this.turn(row.connection_id, 'degraded', words);
    if (failure.kind !== 'limited') return;
    const pauseMs = failure.retryAfterMs ?? SHORTEST_PAUSE_MS * (1 + Math.random());
    await this.database.transact(WORKER, (em) => run(em, CALENDAR_PAUSE, [row.id, pauseMs]));
  }

  private async turn(connectionId: string, state: ConnectionState, why: string | null): Promise<void> {
    await this.database.transact(WORKER, async (em) => {
      const [news] = await run(em, CONNECTION_STATE, [connectionId, state, why]);
      if (news && state === 'broken') await this.outbox.add(em, calendarBroken(connectionId));
    });
  }
}

function wordsOf({ httpStatus, code }: CalendarFailure): string {
  if (code === 'resting') return 'Google Calendar has been out; it is given a moment.';
  return httpStatus === null
    ? 'Google Calendar does not answer.'
    : `Google Calendar answered ${httpStatus} (${code ?? 'no code'}).`;
}
