import { defineEntity, p } from '@mikro-orm/core';

const RequestTallySchema = defineEntity({
  name: 'RequestTally',
  properties: {
    /** The salon's calendar, by app time. */
    day: p.date().primary(),
    method: p.string().length(10).primary(),
    route: p.string().length(200).primary(),
    /** `ok`, or the code of the refusal. */
    outcome: p.string().length(60).primary(),
    requests: p.bigint(),
  },
  checks: [{ name: 'request_tally_counts', expression: 'requests > 0' }],
});

/** How often each route was asked on a day, and how it answered: nothing of who asked. */
export class RequestTally extends RequestTallySchema.class {}
RequestTallySchema.setClass(RequestTally);
