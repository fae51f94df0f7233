import type Stripe from 'stripe';
import { truthOfDisputes } from './stripe-truth.js';

const disputes = (...statuses: Stripe.Dispute.Status[]) =>
  statuses.map((status, at) => ({ id: `dp_${at + 1}`, status }) as Stripe.Dispute);

describe('the disputes of a charge, newest first', () => {
  it.each([
    [[], null],
    [['needs_response'], { state: 'open', step: 'dp_1:needs_response', wantsEvidence: true }],
    [['under_review'], { state: 'open', step: 'dp_1:under_review', wantsEvidence: false }],
    [['warning_closed'], { state: 'won', step: 'dp_1:warning_closed', wantsEvidence: false }],
    [['lost'], { state: 'lost', step: 'dp_1:lost', wantsEvidence: false }],
    // A chargeback after an inquiry that was closed, and an appeal against a loss, open anew.
    [
      ['needs_response', 'warning_closed'],
      { state: 'open', step: 'dp_1:needs_response', wantsEvidence: true },
    ],
    [['appeal_needs_response'], { state: 'open', step: 'dp_1:appeal_needs_response', wantsEvidence: true }],
    [['won', 'lost'], { state: 'lost', step: 'dp_2:lost', wantsEvidence: false }],
  ] as [Stripe.Dispute.Status[], ReturnType<typeof truthOfDisputes>][])('%j come to %j', (statuses, truth) =>
    expect(truthOfDisputes(disputes(...statuses))).toEqual(truth),
  );
});
