import { defineEntity, p } from '@mikro-orm/core';

const RecurringRunSchema = defineEntity({
  name: 'RecurringRun',
  properties: {
    name: p.string().length(40).primary(),
    everySeconds: p.integer(),
    lastRunAt: p.datetime(),
    lastSuccessAt: p.datetime().nullable(),
    lastError: p.string().length(300).nullable(),
    tookMs: p.integer(),
  },
  checks: [{ name: 'recurring_run_counts_forwards', expression: 'every_seconds > 0 and took_ms >= 0' }],
});

/** When regular work was last done, by whichever node; real time. */
export class RecurringRun extends RecurringRunSchema.class {}
RecurringRunSchema.setClass(RecurringRun);
