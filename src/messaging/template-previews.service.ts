import { Injectable } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import type { Business } from '../business/entities/business.entity.js';
import type { StaffActor } from '../common/actor.js';
import { moneyOf } from '../common/money.js';
import { formatDate, formatTime, type Reader } from '../common/time/format.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { ChannelRegistry } from './channel.registry.js';
import { readWording, type Wording } from './text/publishable.js';
import { render } from './text/template.js';
import type { TemplateKey } from './text/template-key.js';
import { timesOf, untilOf, whenOf } from './text/values.js';
import type { TemplateValues } from './text/variables.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A wording as a customer would read it; `segments` is what a text costs, null for e-mails. */
export interface Preview extends Wording {
  readonly characters: number;
  readonly segments: number | null;
}

/** Shows wordings with made-up data, before anybody gets them. */
@Injectable()
export class TemplatePreviews {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly channels: ChannelRegistry,
    private readonly config: Config,
  ) {}

  /** Refuses what could not be published either. `locale`: the reader's, else the usual one of the language. */
  async show(actor: StaffActor, key: TemplateKey, wording: Wording, locale: string | null): Promise<Preview> {
    const { subject, body } = readWording(key, wording);
    const [salon, now] = await this.database.transact(
      actor,
      async (em, at) => [await this.business.get(em), at] as const,
    );
    const reader = { zone: salon.timeZone, locale: locale ?? usualLocale(key, salon) };
    const values = sampleValues(salon, now, reader, `${this.config.publicUrl}/manage#sample`);
    const text = render(body, values, reader.locale);
    const { body: sent, segments } = this.channels.of(key.channel).prepare(text);
    return {
      subject: subject && render(subject, values, reader.locale),
      ...{ body: sent, segments, characters: [...sent].length },
    };
  }
}

function usualLocale({ language }: TemplateKey, { locale }: Business): string {
  return locale.startsWith(language) ? locale : language;
}

function sampleValues(salon: Business, now: Date, reader: Reader, manageUrl: string): TemplateValues {
  const start = new Date(Math.ceil(now.getTime() / HOUR_MS) * HOUR_MS + 3 * DAY_MS);
  const end = new Date(start.getTime() + HOUR_MS);
  const others = [2, 3].map((hours) => new Date(start.getTime() + hours * HOUR_MS));
  return {
    ...{ name: 'Ada Lovelace', firstName: 'Ada', service: 'Haircut', staff: 'Grace' },
    ...{ business: salon.name, address: salon.address || '1 Main Street' },
    ...{
      date: formatDate(start, now, reader),
      time: formatTime(start, reader),
      endTime: formatTime(end, reader),
    },
    ...{ when: whenOf(start, now, reader), holdUntil: untilOf(end, now, reader) },
    ...{ alternatives: timesOf(others, now, reader), manageUrl, code: '123456' },
    amount: moneyOf(8500, salon.currency),
    balance: moneyOf(6800, salon.currency),
    refund: moneyOf(4250, salon.currency),
  };
}
