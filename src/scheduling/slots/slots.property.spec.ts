import fc from 'fast-check';
import { NaiveSalon } from '../../../test/support/naive-slots.js';
import { randomSalon } from '../../../test/support/random-salon.js';
import { checkStart } from './check-start.js';
import { findSlots } from './find-slots.js';
import type { SlotDay, SlotSearch } from './slots.types.js';

const numRuns = Number(process.env.SLOT_SALONS ?? 500);
const seed = Number(process.env.SLOT_SEED ?? 20_300_310);

const offeredAt = (days: readonly SlotDay[], minute: number): string[] =>
  days
    .flatMap((day) => day.slots.filter((slot) => slot.start === minute).flatMap((slot) => slot.staffIds))
    .sort();

/** Every offered start and its neighbours, and a coarse walk over the whole range. */
function minutesToAsk(days: readonly SlotDay[], { from, to }: SlotSearch): number[] {
  const starts = days.flatMap((day) => day.slots.map((slot) => slot.start));
  const first = Date.parse(`${from}T00:00Z`) / 60_000;
  const last = Date.parse(`${to}T23:59Z`) / 60_000;
  const walk = Array.from({ length: Math.ceil((last - first) / 97) }, (_, index) => first + index * 97);
  return [
    ...starts.filter((_, index) => index % 5 === 0).flatMap((start) => [start, start - 1, start + 15]),
    ...walk,
  ];
}

describe(`${numRuns} random salons (seed ${seed})`, () => {
  it('offer exactly the times a patient person with a calendar would find', () => {
    let withSlots = 0;
    fc.assert(
      fc.property(randomSalon, (salon) => {
        const found = findSlots(salon);
        if (found.some((day) => day.slots.length > 0)) withSlots += 1;
        expect(found).toEqual(new NaiveSalon(salon).days());
      }),
      { seed, numRuns },
    );
    expect(withSlots).toBeGreaterThan(numRuns * 0.3);
  });

  it('accept a booking exactly where they offer one, and name the right reason elsewhere', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(randomSalon, (salon) => {
        const days = findSlots(salon);
        const naive = new NaiveSalon(salon);
        const staffIds = salon.candidates.map((candidate) => candidate.staffId);
        for (const minute of minutesToAsk(days, salon)) {
          const able = staffIds.filter((staffId) => naive.refusal(minute, staffId) === null).sort();
          const anybody = checkStart(salon, minute, null);
          expect(anybody.ok ? anybody.fits.map((fit) => fit.staffId).sort() : []).toEqual(able);
          for (const staffId of staffIds) {
            const one = checkStart(salon, minute, staffId);
            const reason = one.ok ? null : one.reason;
            expect({ minute, staffId, reason }).toEqual({
              minute,
              staffId,
              reason: naive.refusal(minute, staffId),
            });
            seen.add(String(reason));
          }
        }
        for (const { start } of days.flatMap((day) => day.slots)) {
          const check = checkStart(salon, start, null);
          expect(check.ok ? check.fits.map((fit) => fit.staffId).sort() : []).toEqual(offeredAt(days, start));
        }
      }),
      { seed, numRuns: Math.ceil(numRuns / 5) },
    );
    expect([...seen].sort()).toEqual(
      ['max-horizon', 'min-notice', 'null', 'off-grid', 'outside-business-hours', 'slot-unavailable'].sort(),
    );
  });
});
