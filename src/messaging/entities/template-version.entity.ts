import { defineEntity, p } from '@mikro-orm/core';
import { MessageTemplate } from './message-template.entity.js';

const TemplateVersionSchema = defineEntity({
  name: 'TemplateVersion',
  tableName: 'message_template_version',
  properties: {
    key: () => p.manyToOne(MessageTemplate).mapToPk().joinColumn('key').primary().deleteRule('restrict'),
    /** From 2 on: 1 is what the product ships with. */
    number: p.integer().primary(),
    subject: p.string().length(200).nullable(),
    body: p.text(),
    /** The version it says again, where it was taken back to one. */
    restores: p.integer().nullable(),
    publishedBy: p.uuid(),
    publishedAt: p.datetime(),
  },
  checks: [
    { name: 'message_template_version_after_shipped', expression: 'number >= 2' },
    { name: 'message_template_version_restores_earlier', expression: 'restores between 1 and number - 1' },
  ],
});

/** What was put in force, never changed: the one with the highest number is, and any can be said again. */
export class TemplateVersion extends TemplateVersionSchema.class {}
TemplateVersionSchema.setClass(TemplateVersion);
