import { defineEntity, p } from '@mikro-orm/core';
import { Resource } from '../../catalog/entities/resource.entity.js';
import { newId } from '../../common/ids.js';
import { CalendarConnection } from './calendar-connection.entity.js';

const CalendarSchema = defineEntity({
  name: 'Calendar',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    connectionId: () =>
      p.manyToOne(CalendarConnection).mapToPk().joinColumn('connection_id').deleteRule('cascade'),
    googleId: p.string().length(254),
    /** Whose calendar it is; null: the salon's, for everybody without one of their own. */
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').nullable().deleteRule('restrict'),
    /** Bookings are written here. */
    isTarget: p.boolean().default(false),
    /** What else stands in it takes time here. */
    readsBusy: p.boolean().default(true),
    /** Where the next reading begins; null: with everything. */
    syncToken: p.text().nullable(),
    /** Counted up by every reading of everything. */
    generation: p.integer().default(0),
    /** When it was last read to its end; real time, as everything about channels. */
    syncedAt: p.datetime().nullable(),
    /** Through which Google tells of changes. */
    channelId: p.uuid().nullable(),
    channelResourceId: p.string().length(200).nullable(),
    channelExpiresAt: p.datetime().nullable(),
    channelRenewAt: p.datetime().nullable(),
    /** Google asked to be left alone until then; real time. */
    pausedUntil: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'calendar_once_a_person',
      expression:
        'create unique index calendar_once_a_person on calendar (connection_id, google_id, resource_id) nulls not distinct',
    },
    {
      name: 'calendar_one_target_each',
      expression:
        'create unique index calendar_one_target_each on calendar (resource_id) nulls not distinct where is_target',
    },
    {
      name: 'calendar_channel_unique',
      expression: 'create unique index calendar_channel_unique on calendar (channel_id)',
    },
  ],
  checks: [
    {
      name: 'calendar_channel_is_whole',
      expression: 'num_nonnulls(channel_id, channel_resource_id, channel_expires_at) in (0, 3)',
    },
  ],
});

/** One calendar of a connected account, and what it is used for. */
export class Calendar extends CalendarSchema.class {}
CalendarSchema.setClass(Calendar);
