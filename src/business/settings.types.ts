import type { Business } from './entities/business.entity.js';

/** Every setting the owner may read and change, in the order they are shown. */
export const SETTINGS = [
  'name',
  'address',
  'phone',
  'email',
  'helpUrl',
  'timeZone',
  'currency',
  'locale',
  'holdMinutes',
  'staffHoldHours',
  'minNoticeMinutes',
  'horizonDays',
  'cancelNoticeHours',
  'rescheduleNoticeHours',
  'maxReschedules',
  'maxActiveBookings',
  'maxHoldsPerContact',
  'bufferMayExceedHours',
  'depositRefundable',
  'refundTiers',
  'taxName',
  'taxMilliPercent',
  'quietFrom',
  'quietTo',
  'remindDayBefore',
  'remindTwoHoursBefore',
  'smsCountries',
  'smsDailyBudget',
  'calendarDetails',
  'calendarMoves',
  'calendarDeletions',
] as const;

export type SettingName = (typeof SETTINGS)[number];

/** The settings as they stand. */
export type Settings = Pick<Business, SettingName>;

/** Some of the settings with their new values. */
export type SettingsChange = { readonly [Name in SettingName]?: Settings[Name] | undefined };

/** Only what was really named; refund tiers are kept from the earliest to the latest. */
export function changesOf(change: SettingsChange): Partial<Settings> {
  const named = SETTINGS.filter((name) => change[name] !== undefined);
  const tiers = change.refundTiers
    ?.toSorted((a, b) => b.hoursBefore - a.hoursBefore)
    .map(({ hoursBefore, percent }) => ({ hoursBefore, percent }));
  return {
    ...Object.fromEntries(named.map((name) => [name, change[name]])),
    ...(tiers ? { refundTiers: tiers } : {}),
  };
}
