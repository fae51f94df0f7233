import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditLog } from '../audit/audit.service.js';
import type { StaffActor } from '../common/actor.js';
import { Conflict, FieldRefused, NotFound, VersionMismatch } from '../common/domain-error.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { run } from '../database/statement.js';
import { MessageTemplate } from './entities/message-template.entity.js';
import { TemplateVersion } from './entities/template-version.entity.js';
import { TEMPLATE_NEXT_NUMBER } from './templates.sql.js';
import { templateKey, type MessageChannel, type TemplateName } from './text/families.js';
import { readWording, type Wording } from './text/publishable.js';
import { SEED_TEMPLATES } from './text/seed-templates.js';
import { readTemplateKey, shippedTemplate, type TemplateKey } from './text/template-key.js';

/** What the product ships with has this number, and no row. */
export const SHIPPED_NUMBER = 1;

/** One wording that is or was in force. */
export interface VersionView extends Wording {
  readonly number: number;
  /** Null for what the product ships with. */
  readonly publishedAt: Date | null;
  /** The version it says again, if any. */
  readonly restores: number | null;
}

/** A template with what is in force, what is being written, and what was before, newest first. */
export interface TemplateView {
  readonly key: TemplateKey;
  /** Counts changes; 0 before the first. */
  readonly version: number;
  readonly published: VersionView | null;
  readonly draft: Wording | null;
  readonly versions: readonly VersionView[];
}

/** The salon's wordings: written as drafts, published as versions that stay, and taken back to any of them. */
@Injectable()
export class Templates {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Every template there is, by key. */
  async list(actor: StaffActor): Promise<TemplateView[]> {
    return this.database.transact(actor, async (em) => {
      const rows = await em.find(MessageTemplate, {});
      const versions = await em.find(TemplateVersion, {}, { orderBy: { number: 'desc' } });
      const keys = new Set([...SEED_TEMPLATES.map(({ key }) => key), ...rows.map(({ key }) => key)]);
      return [...keys].toSorted().flatMap((text) => {
        const key = readTemplateKey(text);
        const row = rows.find((one) => one.key === text) ?? null;
        return key
          ? [
              viewOf(
                key,
                row,
                versions.filter((version) => version.key === text),
              ),
            ]
          : [];
      });
    });
  }

  async get(actor: StaffActor, text: string): Promise<TemplateView> {
    return this.database.transact(actor, (em) => this.view(em, keyOf(text)));
  }

  /** Begins one in another language. Throws Conflict when there is one already. */
  async create(
    actor: StaffActor,
    { channel, name, language }: { channel: MessageChannel; name: TemplateName; language: string },
    draft: Wording,
  ): Promise<TemplateView> {
    const key = readTemplateKey(templateKey(channel, name, language));
    if (!key) throw new FieldRefused('/name', 'unknown', `no such message is sent as ${channel}`);
    if (shippedTemplate(key.key)) throw new Conflict('There is one already; change it.');
    return this.write(actor, key, 0, draft, 'template.created');
  }

  /** Keeps a draft; what is in force stays. `version` is the one that was read. */
  async draft(
    actor: StaffActor,
    text: string,
    version: number | null,
    draft: Wording,
  ): Promise<TemplateView> {
    return this.write(actor, keyOf(text), version, draft, 'template.drafted');
  }

  /** Puts the draft in force; messages that are written from now on follow it. Throws Conflict when there is none. */
  async publish(actor: StaffActor, text: string, version: number | null): Promise<TemplateView> {
    return this.change(actor, text, version, 'template.published', async (em, row, now) => {
      const wording = draftOf(row);
      if (!wording) throw new Conflict('There is no draft to publish.');
      Object.assign(row, { draftSubject: null, draftBody: null });
      return this.putInForce(em, actor, row.key, now, wording, null);
    });
  }

  /** Puts an earlier version in force again; 1 is what the product ships with. Throws FieldRefused when there is no such version. */
  async rollBack(
    actor: StaffActor,
    text: string,
    version: number | null,
    number: number,
  ): Promise<TemplateView> {
    return this.change(actor, text, version, 'template.rolled-back', async (em, row, now) => {
      const shipped = number === SHIPPED_NUMBER ? shippedTemplate(row.key) : null;
      const wording = shipped ?? (await em.findOne(TemplateVersion, { key: row.key, number }));
      if (!wording) throw new FieldRefused('/number', 'unknown', 'there is no such version');
      const { subject, body } = wording;
      return this.putInForce(em, actor, row.key, now, { subject: subject ?? null, body }, number);
    });
  }

  private async putInForce(
    em: EntityManager,
    { accountId: publishedBy }: StaffActor,
    key: string,
    publishedAt: Date,
    wording: Wording,
    restores: number | null,
  ): Promise<number> {
    const [next] = await run<{ number: number }>(em, TEMPLATE_NEXT_NUMBER, [key]);
    const number = next?.number ?? SHIPPED_NUMBER + 1;
    em.create(TemplateVersion, { key, number, ...wording, restores, publishedBy, publishedAt });
    return number;
  }

  private async write(
    actor: StaffActor,
    key: TemplateKey,
    version: number | null,
    draft: Wording,
    action: string,
  ): Promise<TemplateView> {
    readWording(key, draft);
    return this.database.transact(actor, async (em) => {
      const known = await this.lock(em, key.key);
      const { channel, name, language } = key;
      if (!known && action === 'template.drafted' && !shippedTemplate(key.key)) throw new NotFound();
      if (known && action === 'template.created') throw new Conflict('There is one already; change it.');
      if (version !== null && (known?.version ?? 0) !== version) throw new VersionMismatch();
      const row = known ?? em.create(MessageTemplate, { key: key.key, channel, name, language });
      Object.assign(row, { draftSubject: draft.subject, draftBody: draft.body });
      await em.flush().catch(overtaken);
      await this.audited(em, actor, action, key.key, null);
      return this.view(em, key);
    });
  }

  private async change(
    actor: StaffActor,
    text: string,
    version: number | null,
    action: string,
    work: (em: EntityManager, row: MessageTemplate, now: Date) => Promise<number>,
  ): Promise<TemplateView> {
    const key = keyOf(text);
    return this.database.transact(actor, async (em, now) => {
      const row = await this.lock(em, key.key);
      if (!row && !shippedTemplate(key.key)) throw new NotFound();
      if (version !== null && (row?.version ?? 0) !== version) throw new VersionMismatch();
      if (!row) throw new Conflict('It is as it was shipped, and nothing else is written.');
      const number = await work(em, row, now);
      await em.flush();
      await this.audited(em, actor, action, key.key, number);
      return this.view(em, key);
    });
  }

  private lock(em: EntityManager, key: string): Promise<MessageTemplate | null> {
    return em.findOne(MessageTemplate, { key }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }

  private async view(em: EntityManager, key: TemplateKey): Promise<TemplateView> {
    const row = await em.findOne(MessageTemplate, { key: key.key });
    if (!row && !shippedTemplate(key.key)) throw new NotFound();
    const versions = await em.find(TemplateVersion, { key: key.key }, { orderBy: { number: 'desc' } });
    return viewOf(key, row, versions);
  }

  private async audited(
    em: EntityManager,
    actor: StaffActor,
    action: string,
    key: string,
    number: number | null,
  ): Promise<void> {
    await this.audit.record(em, actor, { action, subjectKind: 'template', details: { key, number } });
  }
}

function keyOf(text: string): TemplateKey {
  const key = readTemplateKey(text);
  if (!key) throw new NotFound();
  return key;
}

function draftOf({ draftSubject, draftBody }: MessageTemplate): Wording | null {
  return typeof draftBody === 'string' ? { subject: draftSubject ?? null, body: draftBody } : null;
}

function viewOf(
  key: TemplateKey,
  row: MessageTemplate | null,
  rows: readonly TemplateVersion[],
): TemplateView {
  const shipped = shippedTemplate(key.key);
  const first = shipped && {
    ...{
      number: SHIPPED_NUMBER,
      publishedAt: null,
      restores: null,
      subject: shipped.subject,
      body: shipped.body,
    },
  };
  const versions: VersionView[] = [
    ...rows.map(({ number, subject, body, publishedAt, restores }) => ({
      ...{ number, subject: subject ?? null, body, publishedAt, restores: restores ?? null },
    })),
    ...(first ? [first] : []),
  ];
  const draft = row && draftOf(row);
  return {
    ...{ key, version: row?.version ?? 0, draft, versions },
    published: versions[0] ?? null,
  };
}

/** Somebody else began the same one at the same moment. */
function overtaken(error: unknown): never {
  if (violates(error, 'message_template_pkey')) throw new VersionMismatch();
  throw error;
}
