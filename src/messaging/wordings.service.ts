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

interface VersionRow {
  key: string;
  number: number;
  subject: string | null;
  body: string;
}

/** Finds the words that are in force at the moment a message is written. */
@Injectable()
export class Wordings {
  private readonly remembered = new Map<string, ParsedWording>();

  /** In the reader's language where the salon has published one, else in English. */
  async inForce(
    em: EntityManager,
    channel: MessageChannel,
    name: TemplateName,
    { customer, business }: Pick<Subject, 'customer' | 'business'>,
  ): Promise<WordingInForce> {
    const wished = (customer?.locale ?? business.locale).slice(0, 2).toLowerCase();
    const [own, usual] = [wished, LANGUAGE].map((language) => templateKey(channel, name, language));
    const rows = await run<VersionRow>(em, TEMPLATES_IN_FORCE, [[own, usual]]);
    const ofReader = rows.find(({ key }) => key === own);
    if (ofReader) return { ...this.read(ofReader), language: wished };
    const row = rows.find(({ key }) => key === usual) ?? shippedRow(usual ?? '');
    return { ...this.read(row), language: LANGUAGE };
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

function shippedRow(key: string): VersionRow {
  const shipped = shippedTemplate(key);
  if (!shipped) throw new Error(`there is no template ${key}`);
  return { key, number: 1, subject: shipped.subject, body: shipped.body };
}
