import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import type { SlotAnswer } from '../slot-search.service.js';
import { renderSlotDays, type RenderedSlotDay } from '../slots/render-slots.js';

class SlotResponse {
  @Out.instant() start!: string;
  @Out.instant() end!: string;
  @Out.texts({ description: 'Everybody who can take it' }) staffIds!: string[];
}

class SlotDayResponse {
  @Out.date() date!: string;
  @Out.list(() => SlotResponse) slots!: SlotResponse[];
}

class SlotsMetaResponse {
  @Out.text() timeZone!: string;
  @Out.int() stepMinutes!: number;
  @Out.instant() generatedAt!: string;
  @Out.instant({
    nullable: true,
    description: 'How fresh foreign calendars are; null when none is connected',
  })
  calendarSyncedAt!: string | null;
}

/** Free starts by local date. Advisory: only booking claims one. */
export class SlotsResponse {
  @Out.list(() => SlotDayResponse) days!: readonly RenderedSlotDay[];
  @Out.object(() => MoneyField) price!: MoneyField;
  @Out.object(() => SlotsMetaResponse) meta!: SlotsMetaResponse;

  static from({
    days,
    timeZone,
    generatedAt,
    calendarSyncedAt,
    offered: { service },
  }: SlotAnswer): SlotsResponse {
    return {
      days: renderSlotDays(days, timeZone),
      price: MoneyField.of(service.priceMinor, service.currency),
      meta: {
        timeZone,
        stepMinutes: service.stepMinutes,
        generatedAt: generatedAt.toISOString(),
        calendarSyncedAt: calendarSyncedAt?.toISOString() ?? null,
      },
    };
  }
}
