import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ManageLinks } from '../auth/manage-links.service.js';
import { OneTimeCodes } from '../auth/one-time-codes.service.js';
import { BookingSlots } from '../bookings/booking-slots.service.js';
import { relativeDay } from '../common/time/format.js';
import type { Message } from './entities/message.entity.js';
import type { Subject } from './message-facts.service.js';
import { templateNameFor, type TemplatedFamily, type TemplateName } from './text/families.js';
import { render } from './text/template.js';
import { leftMinor, localeOf, valuesOf, type Context } from './text/values.js';
import type { TemplateValues } from './text/variables.js';
import { Wordings } from './wordings.service.js';

/** Stands in stored texts where a personal link was sent. */
export const LINK_MARK = '[link]';
/** Stands in stored texts where a code was sent. */
const CODE_MARK = '[code]';

/** A message as it is sent, and as it is kept: without links, which are capabilities. */
export interface RenderedText {
  readonly subject: string | null;
  readonly body: string;
  readonly kept: { readonly subject: string | null; readonly body: string };
}

/** Writes the text of a message at the moment it is sent, from what is true then. */
@Injectable()
export class MessageText {
  constructor(
    private readonly links: ManageLinks,
    private readonly slots: BookingSlots,
    private readonly codes: OneTimeCodes,
    private readonly wordings: Wordings,
  ) {}

  /** Mints a manage link, or derives a code, where the text has one; neither is kept. Throws MissingTemplateValues. */
  async render(em: EntityManager, message: Message, subject: Subject, now: Date): Promise<RenderedText> {
    if (message.family === 'manual' || message.family === 'test' || message.family === 'inbound') {
      return this.renderWritten(em, message, subject);
    }
    const alternatives = await this.alternativesFor(em, message, subject, now);
    const name = nameFor(message, message.family, { subject, now, alternatives });
    const { language, ...template } = await this.wordings.inForce(em, message.channel, name, subject);
    const context = { subject, now, alternatives, language };
    const locale = localeOf(subject, language);
    const isLinked = [template.subject, template.body].some((part) => part?.variables.includes('manageUrl'));
    const secrets = {
      manageUrl: isLinked ? await this.mint(em, subject) : null,
      code: message.codeId ? this.codes.codeOf(message.codeId) : null,
    };
    const write = (personal: Pick<TemplateValues, 'manageUrl' | 'code'>) => {
      const values = { ...valuesOf(context), ...personal };
      const head = template.subject === null ? null : render(template.subject, values, locale);
      return { subject: head, body: render(template.body, values, locale) };
    };
    return { ...write(secrets), kept: write({ manageUrl: LINK_MARK, code: CODE_MARK }) };
  }

  /** A text that people wrote stays as it is; only our own answers hold a place for a link. */
  private async renderWritten(em: EntityManager, message: Message, subject: Subject): Promise<RenderedText> {
    const kept = { subject: message.subject ?? null, body: message.body ?? '' };
    if (!message.automatic || !subject.booking || !kept.body.includes(LINK_MARK)) return { ...kept, kept };
    return { subject: kept.subject, body: kept.body.replace(LINK_MARK, await this.mint(em, subject)), kept };
  }

  /** Where else somebody could come whose time was gone when they paid; nothing to whoever has cancelled. */
  private async alternativesFor(
    em: EntityManager,
    { family }: Message,
    { booking }: Subject,
    now: Date,
  ): Promise<readonly Date[]> {
    if (family !== 'payment_late' || !booking || booking.status === 'cancelled') return [];
    return this.slots.alternativesFor(em, booking.id, now);
  }

  private async mint(em: EntityManager, { booking }: Subject): Promise<string> {
    if (!booking) throw new Error('a manage link without a booking');
    const { id: bookingId, customerId, endsAt: expiresAt } = booking;
    return this.links.urlFor(await this.links.mint(em, { bookingId, customerId, expiresAt }));
  }
}

function nameFor(
  { channel }: Message,
  family: TemplatedFamily,
  { subject: { booking, business }, now, alternatives }: Omit<Context, 'language'>,
): TemplateName {
  return templateNameFor(channel, family, {
    day: booking && relativeDay(booking.startsAt, now, business.timeZone),
    hasRefund: (booking?.cancelRefundMinor ?? 0) > 0,
    hasBalance: booking !== null && booking.netPaidMinor > 0 && leftMinor(booking) > 0,
    isCancelled: booking?.status === 'cancelled',
    hasAlternatives: alternatives.length > 0,
  });
}
