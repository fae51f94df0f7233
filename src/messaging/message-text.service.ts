import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ManageLinks, type LinkSubject } from '../auth/manage-links.service.js';
import { OneTimeCodes } from '../auth/one-time-codes.service.js';
import { BookingSlots } from '../bookings/booking-slots.service.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { relativeDay } from '../common/time/format.js';
import type { Message } from './entities/message.entity.js';
import type { Subject } from './message-facts.service.js';
import { templateNameFor, type TemplatedFamily, type TemplateName } from './text/families.js';
import { render } from './text/template.js';
import { leftMinor, localeOf, valuesOf, type Context } from './text/values.js';
import type { TemplateValues } from './text/variables.js';
import { Wordings, type Wanted, type WordingInForce } from './wordings.service.js';

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

/** Where a text gets from what its subject does not tell. */
export interface TextSources {
  wording(wanted: Wanted): WordingInForce | Promise<WordingInForce>;
  /** The token of a link that is made for this text alone. */
  mint(link: LinkSubject): string | Promise<string>;
  /** Where else somebody could come with this booking. */
  alternatives(bookingId: string): readonly Date[] | Promise<readonly Date[]>;
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

  /** What a text needs, read in the caller's transaction when it is asked for. */
  sourcesIn(em: EntityManager, now: Date): TextSources {
    return {
      wording: (wanted) => this.wordings.inForce(em, wanted),
      mint: (link) => this.links.mint(em, link),
      alternatives: (bookingId) => this.slots.alternativesFor(em, bookingId, now),
    };
  }

  /** Mints a manage link, or derives a code, where the text has one; neither is kept. Throws MissingTemplateValues. */
  async render(message: Message, subject: Subject, now: Date, sources: TextSources): Promise<RenderedText> {
    const { family, channel } = message;
    if (family === 'manual' || family === 'test' || family === 'inbound')
      return this.renderWritten(message, subject, sources);
    const alternatives = needsAlternatives(message, subject)
      ? await sources.alternatives(subject.booking.id)
      : [];
    const name = nameFor(message, family, { subject, now, alternatives });
    const { language, ...template } = await sources.wording({ channel, name, subject });
    const context = { subject, now, alternatives, language };
    const locale = localeOf(subject, language);
    const isLinked = [template.subject, template.body].some((part) => part?.variables.includes('manageUrl'));
    const secrets = {
      manageUrl: isLinked ? await this.linkTo(subject, sources) : null,
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
  private async renderWritten(
    message: Message,
    subject: Subject,
    sources: TextSources,
  ): Promise<RenderedText> {
    const kept = { subject: message.subject ?? null, body: message.body ?? '' };
    if (!message.automatic || !subject.booking || !kept.body.includes(LINK_MARK)) return { ...kept, kept };
    const link = await this.linkTo(subject, sources);
    return { subject: kept.subject, body: kept.body.replace(LINK_MARK, link), kept };
  }

  private async linkTo({ booking }: Subject, sources: TextSources): Promise<string> {
    if (!booking) throw new Error('a manage link without a booking');
    const { id: bookingId, customerId, endsAt: expiresAt } = booking;
    return this.links.urlFor(await sources.mint({ bookingId, customerId, expiresAt }));
  }
}

/** Whoever paid when their time was gone hears where else they could come; nothing like that to whoever has cancelled. */
function needsAlternatives(
  { family }: Message,
  subject: Subject,
): subject is Subject & { booking: Readonly<Booking> } {
  return family === 'payment_late' && subject.booking !== null && subject.booking.status !== 'cancelled';
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
