import { defineEntity, p } from '@mikro-orm/core';

const InvariantCheckSchema = defineEntity({
  name: 'InvariantCheck',
  properties: {
    name: p.string().length(60).primary(),
    checkedAt: p.datetime(),
    tookMs: p.integer(),
    broken: p.integer(),
    /** Ids of up to five rows that break it. */
    sample: p.json<string[]>(),
    brokenSince: p.datetime().nullable(),
  },
  checks: [
    { name: 'invariant_check_counts', expression: 'broken >= 0 and took_ms >= 0' },
    {
      name: 'invariant_check_broken_since_then',
      expression: '(broken > 0) = (broken_since is not null)',
    },
  ],
});

/** The last proof of one invariant, by whichever node; real time. */
export class InvariantCheck extends InvariantCheckSchema.class {}
InvariantCheckSchema.setClass(InvariantCheck);
