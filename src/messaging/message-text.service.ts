import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ManageLinks } from '../auth/manage-links.service.js';
import { formatDate, formatTime, relativeDay } from '../common/time/format.js';
import { moneyOf } from '../common/money.js';
import type { Message } from './entities/message.entity.js';
import type { Subject } from './message-facts.service.js';
import { templateKey, templateNameFor, type TemplatedFamily } from './text/families.js';
import { SEED_TEMPLATES } from './text/seed-templates.js';
import { parseTemplate, render, type Template } from './text/template.js';
import type { TemplateValues } from './text/variables.js';

/** Stands in stored texts where a personal link was sent. */
export const LINK_MARK = '[link]';
const LANGUAGE = 'en';

/** A message as it is sent, and as it is kept: without links, which are capabilities. */
export interface RenderedText {
  readonly subject: string | null;
  readonly body: string;
  readonly kept: { readonly subject: string | null; readonly body: string };
}

interface ReadTemplate {
  readonly subject: Template | null;
  readonly body: Template;
}

const TEMPLATES: ReadonlyMap<string, ReadTemplate> = new Map(
  SEED_TEMPLATES.map(({ key, subject, body }) => [
    key,
    { subject: subject === null ? null : parseTemplate(subject), body: parseTemplate(body) },
  ]),
);

/** Writes the text of a message at the moment it is sent, from what is true then. */
@Injectable()
export class MessageText {
  constructor(private readonly links: ManageLinks) {}

  /** Mints a manage link in the caller's transaction where the text has one. Throws MissingTemplateValues. */
  async render(em: EntityManager, message: Message, subject: Subject, now: Date): Promise<RenderedText> {
    if (message.family === 'manual' || message.family === 'test' || message.family === 'inbound') {
      return this.renderWritten(em, message, subject);
    }
    const template = templateOf(message, message.family, subject, now);
    const locale = localeOf(subject);
    const isLinked = [template.subject, template.body].some((part) => part?.variables.includes('manageUrl'));
    const url = isLinked ? await this.mint(em, subject) : null;
    const write = (manageUrl: string | null) => {
      const values = valuesOf(subject, manageUrl, now, locale);
      const head = template.subject === null ? null : render(template.subject, values, locale);
      return { subject: head, body: render(template.body, values, locale) };
    };
    return { ...write(url), kept: write(LINK_MARK) };
  }

  /** A text that people wrote stays as it is; only our own answers hold a place for a link. */
  private async renderWritten(em: EntityManager, message: Message, subject: Subject): Promise<RenderedText> {
    const kept = { subject: message.subject ?? null, body: message.body ?? '' };
    if (!message.automatic || !subject.booking || !kept.body.includes(LINK_MARK)) return { ...kept, kept };
    return { subject: kept.subject, body: kept.body.replace(LINK_MARK, await this.mint(em, subject)), kept };
  }

  private async mint(em: EntityManager, { booking }: Subject): Promise<string> {
    if (!booking) throw new Error('a manage link without a booking');
    const { id: bookingId, customerId, endsAt: expiresAt } = booking;
    return this.links.urlFor(await this.links.mint(em, { bookingId, customerId, expiresAt }));
  }
}

function templateOf(
  { channel }: Message,
  family: TemplatedFamily,
  { booking, business }: Subject,
  now: Date,
): ReadTemplate {
  const day = booking === null ? null : relativeDay(booking.startsAt, now, business.timeZone);
  const name = templateNameFor(family, { day, hasRefund: (booking?.refundedMinor ?? 0) > 0 });
  const key = templateKey(channel, name, LANGUAGE);
  const template = TEMPLATES.get(key);
  if (!template) throw new Error(`there is no template ${key}`);
  return template;
}

/** The templates are English, so that dates and amounts are written the English way as well. */
function localeOf({ customer, business }: Subject): string {
  return [customer?.locale, business.locale].find((locale) => locale?.startsWith(LANGUAGE)) ?? 'en-US';
}

function valuesOf(subject: Subject, manageUrl: string | null, now: Date, locale: string): TemplateValues {
  const { booking, customer, business, staffName } = subject;
  const person = { name: customer?.name, firstName: customer?.name.split(/\s+/)[0] };
  const salon = { business: business.name, address: business.address, manageUrl };
  if (booking === null) return { ...person, ...salon };
  const reader = { zone: business.timeZone, locale };
  const date = formatDate(booking.startsAt, now, reader);
  const time = formatTime(booking.startsAt, reader);
  const day = relativeDay(booking.startsAt, now, reader.zone) ?? `on ${date}`;
  const money = (minor: number) => moneyOf(minor, booking.currency);
  return {
    ...person,
    ...salon,
    service: booking.serviceName,
    staff: staffName,
    date,
    time,
    endTime: formatTime(booking.endsAt, reader),
    when: `${day} at ${time}`,
    amount: money(booking.paidMinor),
    balance: money(Math.max(booking.dueToConfirmMinor - booking.paidMinor, 0)),
    refund: money(booking.refundedMinor),
  };
}
