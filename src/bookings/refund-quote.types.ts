/** Which rule decided; permanent, for programs. */
export const REFUND_RULES = ['nothing-paid', 'salon', 'never-confirmed', 'tier', 'deposit-kept'] as const;
export type RefundRule = (typeof REFUND_RULES)[number];

/** What goes back and what stays, in minor units, and why, in a sentence for the customer. */
export interface RefundQuote {
  refundMinor: number;
  keptMinor: number;
  rule: RefundRule;
  explanation: string;
}
