/** What a message is about; stored on every message. `manual` and `test` carry their own text, the others have templates. */
export const MESSAGE_FAMILIES = [
  'booking_confirmed',
  'booking_reminder',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_held',
  'payment_settled',
  'payment_late',
  'refund_succeeded',
  'refund_failed',
  'welcome',
  'one_time_code',
  'contact_changed',
  'contact_joined',
  'erasure_asked',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'staff_payment_task',
  'staff_calendar_broken',
  'staff_calendar_conflict',
  'manual',
  'test',
] as const;
export type MessageFamily = (typeof MESSAGE_FAMILIES)[number];
/** The language of the templates. */
export const LANGUAGE = 'en';
/** A family whose text comes from a template. */
export type TemplatedFamily = Exclude<MessageFamily, 'manual' | 'test'>;

/** Ways a message can travel; each is a port with one adapter. */
export const MESSAGE_CHANNELS = ['sms', 'email'] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

/** Names of templates: every family, and the other wordings of some of them, editable like any template. */
export const TEMPLATE_NAMES = [
  'booking_confirmed',
  'booking_confirmed_balance',
  'booking_reminder',
  'booking_reminder_today',
  'booking_reminder_date',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_cancelled_refund',
  'booking_held',
  'payment_settled',
  'payment_late',
  'payment_late_alternatives',
  'payment_late_cancelled',
  'refund_succeeded',
  'refund_failed',
  'welcome',
  'one_time_code',
  'contact_changed',
  'contact_joined',
  'erasure_asked',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'staff_payment_task',
  'staff_calendar_broken',
  'staff_calendar_conflict',
] as const satisfies readonly (TemplatedFamily | `${TemplatedFamily}_${string}`)[];
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** What decides between the wordings of a family, known only when the message is rendered. */
export interface WordingFacts {
  /** `relativeDay` of the start on the business's calendar at send time: a reminder says "tomorrow" only where it is true. */
  readonly day: 'today' | 'tomorrow' | null;
  /** Whether the cancellation gives money back. */
  readonly hasRefund: boolean;
  /** Whether a part is paid and the rest is not; told by e-mail, since the text keeps its words. */
  readonly hasBalance: boolean;
  readonly isCancelled: boolean;
  /** Whether other times can be offered. */
  readonly hasAlternatives: boolean;
}

/** The template that tells the truth about this booking at this moment. */
export function templateNameFor(
  channel: MessageChannel,
  family: TemplatedFamily,
  facts: WordingFacts,
): TemplateName {
  switch (family) {
    case 'booking_confirmed':
      return channel === 'email' && facts.hasBalance ? 'booking_confirmed_balance' : family;
    case 'booking_cancelled':
      return facts.hasRefund ? 'booking_cancelled_refund' : family;
    case 'booking_reminder':
      if (facts.day === 'tomorrow') return family;
      return facts.day === 'today' ? 'booking_reminder_today' : 'booking_reminder_date';
    case 'payment_late':
      if (facts.isCancelled) return 'payment_late_cancelled';
      return facts.hasAlternatives ? 'payment_late_alternatives' : family;
    default:
      return family;
  }
}

/** How a template is called in the admin API and stored, e.g. `sms.booking_confirmed.en`. */
export function templateKey(channel: MessageChannel, name: TemplateName, language: string): string {
  return `${channel}.${name}.${language}`;
}
