import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';

/** `degraded`: calls fail just now; `broken`: the account took its consent back, and nothing is asked of it any more. */
export const CONNECTION_STATES = ['ok', 'degraded', 'broken'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Where the consent came from: given beforehand in the environment, or on Google's own page. */
export const CONNECTION_SOURCES = ['environment', 'oauth'] as const;

const CalendarConnectionSchema = defineEntity({
  name: 'CalendarConnection',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    source: p.enum(CONNECTION_SOURCES),
    /** Encrypted; null for the environment's, which is never stored. */
    refreshToken: p.text().nullable(),
    /** Which account it is at Google, for ever, and its address; null for the environment's, which only its token knows. */
    accountSubject: p.string().length(255).nullable(),
    accountEmail: p.string().length(254).nullable(),
    state: p.enum(CONNECTION_STATES).default('ok'),
    /** Since when it is in its state; real time. */
    stateSince: p.datetime().defaultRaw('now()'),
    lastError: p.string().length(300).nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'calendar_connection_one_of_environment',
      expression: `create unique index calendar_connection_one_of_environment on calendar_connection (source) where source = 'environment'`,
    },
    {
      name: 'calendar_connection_once_an_account',
      expression:
        'create unique index calendar_connection_once_an_account on calendar_connection (account_subject)',
    },
  ],
  checks: [
    {
      name: 'calendar_connection_account_of_oauth',
      expression: `num_nonnulls(refresh_token, account_subject, account_email) = case source when 'oauth' then 3 else 0 end`,
    },
  ],
});

/** An account at Google that Lawrei may write to and read from. */
export class CalendarConnection extends CalendarConnectionSchema.class {}
CalendarConnectionSchema.setClass(CalendarConnection);
