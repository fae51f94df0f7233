import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { run } from '../database/statement.js';
import type { Subject } from './message-facts.service.js';
import { TEMPLATES_IN_FORCE } from './templates.sql.js';
import { LANGUAGE, templateKey, type MessageChannel, type TemplateName } from './text/families.js';
import type { ParsedWording } from './text/publishable.js';
import { parseTemplate } from './text/template.js';
import { shippedTemplate } from './text/template-key.js';

/** More than a salon ever publishes; a version never changes, so what was read once is good for ever. */
const MOST_REMEMBERED = 500;

/** The wording a message is written from, and its language. */
export interface WordingInForce extends ParsedWording {
  readonly language: string;
}

/** A published wording as it is stored. */
export interface VersionRow {
  key: string;
  number: number;
  subject: string | null;
  body: string;
}

/** Which words are looked for, and for whom. */
export interface Wanted {
  readonly channel: MessageChannel;
  readonly name: TemplateName;
  readonly subject: Pick<Subject, 'customer' | 'business'>;
}

/** Finds the words that are in force at the moment a message is written. */
@Injectable()
export class Wordings {
  private readonly remembered = new Map<string, ParsedWording>();

  /** In the reader's language where the salon has published one, else in English. */
  async inForce(em: EntityManager, wanted: Wanted): Promise<WordingInForce> {
    const keys = languagesOf(wanted).map((language) => templateKey(wanted.channel, wanted.name, language));
    return this.among(await run<VersionRow>(em, TEMPLATES_IN_FORCE, [keys]), wanted);
  }

  /** `inForce`, of versions that were read before. */
  among(rows: readonly VersionRow[], wanted: Wanted): WordingInForce {
    const found = languagesOf(wanted).flatMap((language) => {
      const key = templateKey(wanted.channel, wanted.name, language);
      const row = rows.find((version) => version.key === key);
      return row ? [{ row, language }] : [];
    });
    const usual = templateKey(wanted.channel, wanted.name, LANGUAGE);
    const { row, language } = found[0] ?? { row: shippedRow(usual), language: LANGUAGE };
    return { ...this.read(row), language };
  }

  private read({ key, number, subject, body }: VersionRow): ParsedWording {
    const id = `${key}#${number}`;
    const known = this.remembered.get(id);
    if (known) return known;
    const parsed = {
      subject: subject === null ? null : parseTemplate(subject),
      body: parseTemplate(body),
    };
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    this.remembered.set(id, parsed);
    return parsed;
  }
}

/** The reader's, and the one that is always there. */
function languagesOf({ subject: { customer, business } }: Wanted): readonly [string, string] {
  return [(customer?.locale ?? business.locale).slice(0, 2).toLowerCase(), LANGUAGE];
}

function shippedRow(key: string): VersionRow {
  const shipped = shippedTemplate(key);
  if (!shipped) throw new Error(`there is no template ${key}`);
  return { key, number: 1, subject: shipped.subject, body: shipped.body };
}
