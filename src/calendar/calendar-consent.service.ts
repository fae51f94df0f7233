import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { Sessions } from '../auth/sessions.service.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { atLeast, type StaffActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { FieldRefused, Forbidden } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { ExternalBusyTimes } from '../scheduling/external-busy.service.js';
import { CalendarConsentFailed, CalendarNotConnected, CalendarUnavailable } from './calendar.errors.js';
import { calendarSync } from './calendar.events.js';
import { CalendarFailure, CalendarGateway, type ConsentGiven } from './calendar.gateway.js';
import { ACCOUNT_CONNECT } from './calendar.sql.js';
import { CalendarSweeper } from './calendar-sweeper.js';
import { Calendar } from './entities/calendar.entity.js';

/** How long a person may take on Google's page. */
const LIFE_MS = 600_000;
const CALLBACK = '/admin/calendar/oauth/callback';

/** Where a member of staff connects an account, and until when; real time. */
export interface ConsentPage {
  url: string;
  expiresAt: Date;
}

/** What Google sends a browser back with. */
export interface ConsentAnswer {
  state: string;
  code: string | null;
}

/** Who asked, in which session, and whose calendar it is; travels sealed through the browser as OAuth's `state`. */
interface Asked {
  accountId: string;
  sessionId: string;
  staffId: string | null;
  expiresAt: number;
}

/**
 * Connects accounts by a click (OAuth 2.0 with PKCE). Nothing is kept between question and answer: the state is sealed, the verifier
 * is made of it, the code is good once at Google, and whoever asked must still be signed in and allowed when the answer comes.
 */
@Injectable()
export class CalendarConsents {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly secrets: Secrets,
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly sessions: Sessions,
    private readonly busyTimes: ExternalBusyTimes,
    private readonly outbox: Outbox,
    private readonly sweeper: CalendarSweeper,
    private readonly audit: AuditLog,
  ) {}

  /** `staffId`: whose calendar it is, null for the salon's. Throws FieldRefused for a person who does not work here. */
  async start(actor: StaffActor, staffId: string | null): Promise<ConsentPage> {
    if (this.gateway.mode === 'unconfigured') throw new CalendarNotConnected();
    if (staffId !== null && !(await this.database.transact(actor, (em) => em.findOne(Resource, staffId))))
      throw new FieldRefused('/staffId', 'unknown', 'nobody of that id works here');
    const expiresAt = new Date(this.clock.realNow().getTime() + LIFE_MS);
    const { accountId, sessionId } = actor;
    const asked: Asked = { accountId, sessionId, staffId, expiresAt: expiresAt.getTime() };
    const state = this.secrets.seal(JSON.stringify(asked));
    return { expiresAt, url: await this.gateway.consentUrl({ ...this.proofOf(state), state }) };
  }

  /**
   * Throws CalendarConsentFailed when the state is not ours or too old, the person said no, or the consent is too small; Unauthenticated or
   * Forbidden when whoever asked may not any more.
   */
  async finish({ state, code }: ConsentAnswer): Promise<void> {
    const { staffId, ...asked } = this.read(state);
    const actor = await this.sessions.actorOf({ kind: 'staff', sub: asked.accountId, sid: asked.sessionId });
    if (actor.kind !== 'staff' || !atLeast(actor.role, 'manager')) throw new Forbidden();
    if (code === null) throw new CalendarConsentFailed('The calendar was not shared on Google’s page.');
    const given = await this.gateway.redeem(code, this.proofOf(state)).catch(refusedByGoogle);
    await this.connect(actor, given, staffId);
    await this.sweeper.sweep();
  }

  private async connect(actor: StaffActor, given: ConsentGiven, staffId: string | null): Promise<void> {
    const { subject, email } = given;
    const token = this.secrets.seal(given.refreshToken);
    await this.database.transact(actor, async (em) => {
      const [row] = await run<{ connection_id: string; calendar_id: string | null }>(em, ACCOUNT_CONNECT, [
        ...[newId(), token, subject, email],
        ...[newId(), staffId],
      ]);
      const connectionId = row?.connection_id ?? '';
      if (row?.calendar_id) await this.busyTimes.addSource(em, row.calendar_id, staffId);
      const calendars = await em.find(Calendar, { connectionId });
      await this.outbox.add(em, ...calendars.map(({ id }) => calendarSync(id)));
      await this.audit.record(em, actor, {
        action: 'calendar.connected',
        subjectKind: 'calendar-connection',
        subjectId: connectionId,
      });
    });
  }

  private proofOf(state: string): { redirectUri: string; verifier: string } {
    const redirectUri = `${this.config.publicUrl}${CALLBACK}`;
    return { redirectUri, verifier: this.secrets.hmac('calendar-consent', state) };
  }

  private read(state: string): Asked {
    const asked = this.opened(state);
    if (!asked || asked.expiresAt <= this.clock.realNow().getTime())
      throw new CalendarConsentFailed('The link to Google’s page is not ours, or older than ten minutes.');
    return asked;
  }

  private opened(state: string): Asked | null {
    try {
      const asked: Asked = JSON.parse(this.secrets.open(state));
      return typeof asked.expiresAt === 'number' ? asked : null;
    } catch {
      return null;
    }
  }
}

function refusedByGoogle(error: unknown): never {
  if (!(error instanceof CalendarFailure)) throw error;
  if (error.kind === 'out' || error.kind === 'limited') throw new CalendarUnavailable();
  throw new CalendarConsentFailed(
    error.code === 'consent-too-small'
      ? 'Google’s page was left without sharing the calendar; leave every box ticked.'
      : 'Google did not take the answer: it was given before, or comes from somewhere else.',
  );
}
