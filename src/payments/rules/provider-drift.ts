import type { PaymentTruth, RefundTruth } from '../payment.gateway.js';

/** A payment as our books have it. Amounts in minor units. */
interface Booked {
  readonly cameMinor: number;
  readonly currency: string;
  /** Σ of its refunds that have succeeded. */
  readonly backMinor: number;
}

/** Where the provider's word differs from our books, in words for staff; null when both say the same. */
export function driftFrom(
  booked: Booked,
  truth: PaymentTruth,
  refunds: readonly RefundTruth[],
): string | null {
  const backMinor = refunds
    .filter(({ state }) => state === 'succeeded')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const isSame =
    truth.state === 'succeeded' &&
    truth.amountMinor === booked.cameMinor &&
    truth.currency === booked.currency &&
    backMinor === booked.backMinor;
  if (isSame) return null;
  const came =
    truth.state === 'succeeded' ? `${truth.amountMinor} ${truth.currency}` : `nothing (${truth.state})`;
  return (
    `The provider says that ${came} came and ${backMinor} went back, our books say ` +
    `${booked.cameMinor} ${booked.currency} and ${booked.backMinor} (minor units).`
  );
}
