import { defineEntity, p } from '@mikro-orm/core';
import { DATA_CLASSES } from '../../database/retention.js';

const RetentionRuleSchema = defineEntity({
  name: 'RetentionRule',
  properties: {
    dataClass: p.enum(DATA_CLASSES).primary(),
    months: p.integer(),
  },
  checks: [
    { name: 'retention_rule_months_bounded', expression: 'months between 1 and 240' },
    { name: 'retention_rule_money_ten_years', expression: `data_class <> 'payments' or months >= 120` },
  ],
});

/** How many months one kind of data is kept; there is one for each kind, always. */
export class RetentionRule extends RetentionRuleSchema.class {}
RetentionRuleSchema.setClass(RetentionRule);
