import { Out } from '../../common/fields/response.fields.js';
import type { ProvenInvariant } from '../sentinel.service.js';

/** Something that must always hold, and whether it did when it was last looked at. */
export class InvariantResponse {
  @Out.text({ description: 'For programs; never renamed', example: 'no-overlap' }) name!: string;
  @Out.text({ description: 'In plain words', example: 'Nobody is booked twice at one time.' }) rule!: string;
  @Out.bool({ nullable: true, description: 'Null before the first proof' }) holds!: boolean | null;
  @Out.int({ description: 'How many rows break it' }) broken!: number;
  @Out.texts({ description: 'Ids of up to five of them' }) sample!: string[];
  @Out.instant({ nullable: true, description: 'When a proof first found it broken' }) brokenSince!:
    | string
    | null;
  @Out.instant({ nullable: true, description: 'When it was last proven; once an hour' }) checkedAt!:
    | string
    | null;
  @Out.int({ nullable: true, description: 'How long that took, in milliseconds' }) tookMs!: number | null;

  static from({ name, rule, check }: ProvenInvariant): InvariantResponse {
    return Object.assign(new InvariantResponse(), {
      ...{ name, rule },
      holds: check ? check.broken === 0 : null,
      broken: check?.broken ?? 0,
      sample: check?.sample ?? [],
      brokenSince: check?.brokenSince?.toISOString() ?? null,
      checkedAt: check?.checkedAt.toISOString() ?? null,
      tookMs: check?.tookMs ?? null,
    });
  }
}

/** The sentinel's last proof. Times are real time. */
export class InvariantsResponse {
  @Out.bool({ nullable: true, description: 'Null until each was proven once' }) hold!: boolean | null;
  @Out.list(() => InvariantResponse, { description: 'The broken first' }) invariants!: InvariantResponse[];

  static from(proven: readonly ProvenInvariant[]): InvariantsResponse {
    const invariants = proven.map(InvariantResponse.from);
    const isKnown = invariants.every(({ holds }) => holds !== null);
    const hold = invariants.some(({ holds }) => holds === false) ? false : isKnown || null;
    return Object.assign(new InvariantsResponse(), { hold, invariants });
  }
}
