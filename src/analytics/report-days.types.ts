import { RETURN_DAYS } from './return-days.js';

/** What failed on a day, by the provider's code. */
export interface DayFailure {
  readonly channel: string;
  readonly code: number | null;
  readonly reason: string | null;
  readonly messages: number;
}

/** How far messages of a channel got, and what they are billed as. */
export const MESSAGE_FIGURES = [
  ...(['planned', 'accepted', 'delivered', 'failed'] as const),
  ...(['automatic', 'manual', 'templated', 'segments'] as const),
];
export type MessageFigure = (typeof MESSAGE_FIGURES)[number];
export const CHANNELS = ['email', 'sms'] as const;

/** What is counted of each local day; money in minor units. docs/analytics.md says what each is. */
export const DAY_FIGURES = [
  ...(['visits', 'completed', 'noShows', 'lateCancellations', 'rebooked', 'doubleBookings'] as const),
  'firstVisits' as const,
  ...RETURN_DAYS.map((days) => `returned${days}` as const),
  ...(['remindedCompleted', 'remindedNoShows', 'remindedSaidTheyCome'] as const),
  ...(['notRemindedCompleted', 'notRemindedNoShows', 'notRemindedSaidTheyCome'] as const),
  ...(['own', 'byStaff', 'afterHours', 'made', 'staffSpells', 'moves', 'cancellations'] as const),
  ...(['net', 'payments', 'receipts', 'online', 'eventsDue', 'eventsInTime'] as const),
  ...(['bookableMinutes', 'bookedMinutes'] as const),
  ...CHANNELS.flatMap((channel) => MESSAGE_FIGURES.map((figure) => `${channel}.${figure}` as const)),
];
export type DayFigure = (typeof DAY_FIGURES)[number];

/** The sums over days of a report. */
export type DaySums = Readonly<Record<DayFigure, number>>;

/** What is told of the days before a range. */
export const FIGURES_BEFORE = ['visits', 'completed', 'noShows', 'net'] as const;
/** What is told of those days of a range since which ninety days have passed. */
export const RIPE_FIGURES = ['firstVisits', 'returned90'] as const;
export const RIPE_AFTER_DAYS = 90;

/** The sums of a range of days, with what is told of the days before it. */
export interface ComparedSums {
  readonly now: DaySums;
  readonly before: Pick<DaySums, (typeof FIGURES_BEFORE)[number]>;
  readonly ripe: Pick<DaySums, (typeof RIPE_FIGURES)[number]>;
  /** Who had a visit. */
  readonly customers: number;
  readonly customersBefore: number;
}
