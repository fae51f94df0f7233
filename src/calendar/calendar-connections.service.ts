import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditLog } from '../audit/audit.service.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import type { StaffActor } from '../common/actor.js';
import { Conflict, FieldRefused, NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { run } from '../database/statement.js';
import { ExternalBusyTimes } from '../scheduling/external-busy.service.js';
import { CalendarNotConnected, CalendarUnavailable } from './calendar.errors.js';
import { CalendarFailure } from './calendar.gateway.js';
import { CONNECTION_RETRY } from './calendar.sql.js';
import { CalendarSweeper } from './calendar-sweeper.js';
import { CalendarSync } from './calendar-sync.service.js';
import { CalendarConnection } from './entities/calendar-connection.entity.js';
import { Calendar } from './entities/calendar.entity.js';

/** A connected account with its calendars. */
export interface ConnectionView {
  connection: CalendarConnection;
  calendars: readonly Calendar[];
}

/** A calendar to be used from now on; `staffId` null: it is the salon's. */
export interface NewCalendar {
  googleId: string;
  staffId: string | null;
  isTarget: boolean;
  readsBusy: boolean;
}

/** The accounts at Google, and which of their calendars are written to and read. */
@Injectable()
export class CalendarConnections {
  constructor(
    private readonly database: Database,
    private readonly busyTimes: ExternalBusyTimes,
    private readonly reading: CalendarSync,
    private readonly sweeper: CalendarSweeper,
    private readonly audit: AuditLog,
    private readonly config: Config,
  ) {}

  async list(actor: StaffActor): Promise<ConnectionView[]> {
    return this.database.transact(actor, async (em) => {
      const connections = await em.find(CalendarConnection, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
      const calendars = await em.find(Calendar, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
      return connections.map((connection) => ({
        connection,
        calendars: calendars.filter(({ connectionId }) => connectionId === connection.id),
      }));
    });
  }

  /** Tries the account again at once, also one that was broken: reads its calendars, and writes what is missing there. */
  async sync(actor: StaffActor, id: string): Promise<ConnectionView> {
    const calendars = await this.database.transact(actor, async (em) => {
      await this.find(em, id);
      await run(em, CONNECTION_RETRY, [id]);
      return em.find(Calendar, { connectionId: id });
    });
    try {
      for (const calendar of calendars) {
        if ((await this.reading.sync(calendar.id)) === 'waiting') throw new CalendarNotConnected();
      }
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
      throw error.kind === 'revoked' ? new CalendarNotConnected() : new CalendarUnavailable();
    }
    await this.sweeper.sweep();
    return this.view(actor, id);
  }

  /** Uses another calendar of the account. Throws `Conflict` when it is used already, or bookings have another target. */
  async addCalendar(actor: StaffActor, id: string, wanted: NewCalendar): Promise<ConnectionView> {
    const { googleId, staffId: resourceId, isTarget, readsBusy } = wanted;
    await this.database.transact(actor, async (em) => {
      await this.find(em, id);
      if (resourceId !== null && !(await em.findOne(Resource, resourceId)))
        throw new FieldRefused('/staffId', 'unknown', 'nobody of that id works here');
      const calendar = em.create(Calendar, {
        ...{ id: newId(), connectionId: id, googleId, resourceId, isTarget, readsBusy },
      });
      await em.flush().catch((error: unknown) => {
        if (violates(error, 'calendar_once_a_person')) throw new Conflict('That calendar is used already.');
        if (violates(error, 'calendar_one_target_each'))
          throw new Conflict('Bookings are written to another calendar already; take that one away first.');
        throw error;
      });
      if (readsBusy) await this.busyTimes.addSource(em, calendar.id, resourceId);
      await this.audited(em, actor, 'calendar.added', id);
    });
    return this.view(actor, id);
  }

  /** No longer uses a calendar; what stands in it stays there. */
  async removeCalendar(actor: StaffActor, id: string, calendarId: string): Promise<void> {
    await this.database.transact(actor, async (em) => {
      const calendar = await em.findOne(Calendar, { id: calendarId, connectionId: id });
      if (!calendar) throw new NotFound();
      em.remove(calendar);
      await em.flush();
      await this.busyTimes.removeSource(em, calendarId);
      await this.audited(em, actor, 'calendar.removed', id);
    });
  }

  /** Uses an account no longer; what stands in its calendars stays there. Throws `Conflict` for the one of the environment. */
  async remove(actor: StaffActor, id: string): Promise<void> {
    await this.database.transact(actor, async (em) => {
      const connection = await this.find(em, id);
      if (connection.source === 'environment' && this.config.google.refreshToken !== null)
        throw new Conflict('Its consent stands in the environment; take GOOGLE_REFRESH_TOKEN away first.');
      const calendars = await em.find(Calendar, { connectionId: id });
      em.remove(connection);
      await em.flush();
      for (const calendar of calendars) await this.busyTimes.removeSource(em, calendar.id);
      await this.audited(em, actor, 'calendar.disconnected', id);
    });
  }

  private async view(actor: StaffActor, id: string): Promise<ConnectionView> {
    const view = (await this.list(actor)).find(({ connection }) => connection.id === id);
    if (!view) throw new NotFound();
    return view;
  }

  private async find(em: EntityManager, id: string): Promise<CalendarConnection> {
    const connection = await em.findOne(CalendarConnection, { id });
    if (!connection) throw new NotFound();
    return connection;
  }

  private async audited(
    em: EntityManager,
    actor: StaffActor,
    action: string,
    subjectId: string,
  ): Promise<void> {
    await this.audit.record(em, actor, { action, subjectKind: 'calendar-connection', subjectId });
  }
}
