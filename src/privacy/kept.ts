import type { ErasureCertificate } from './entities/erasure-request.entity.js';
import type { Rules } from './retention.types.js';

const months = (count: number) => `${count} ${count === 1 ? 'month' : 'months'}`;

/** What stays of somebody who was forgotten, for how long, and on which ground (docs/privacy.md). */
export function keptFor(rules: Rules): ErasureCertificate['kept'] {
  return [
    {
      what: 'bookings without words: time, service, amount',
      why: 'statistics, no longer about a person',
      until: months(rules.bookings),
    },
    {
      what: 'payments and refunds, and receipts with the name they were made out to',
      why: 'bookkeeping and tax law',
      until: months(rules.payments),
    },
    { what: 'what was agreed to and refused', why: 'proof of consent', until: months(rules.consents) },
    {
      what: 'STOP, as a keyed hash of the contact',
      why: 'so that it goes on being respected',
      until: 'it is taken back',
    },
    { what: 'the audit log: ids and codes', why: 'security', until: months(rules.audit) },
  ];
}
