/** What a message is about; stored on every message. `manual` and `test` carry their own text, the others have templates. */
export const MESSAGE_FAMILIES = [
  'booking_confirmed',
  'booking_reminder',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_held',
  'payment_settled',
  'welcome',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'manual',
  'test',
] as const;
export type MessageFamily = (typeof MESSAGE_FAMILIES)[number];
/** A family whose text comes from a template. */
export type TemplatedFamily = Exclude<MessageFamily, 'manual' | 'test'>;

/** Ways a message can travel; each is a port with one adapter. */
export const MESSAGE_CHANNELS = ['sms', 'email'] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

/** Names of templates: every family, and the other wordings of two of them, editable like any template. */
export const TEMPLATE_NAMES = [
  'booking_confirmed',
  'booking_reminder',
  'booking_reminder_today',
  'booking_reminder_date',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_cancelled_refund',
  'booking_held',
  'payment_settled',
  'welcome',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
] as const satisfies readonly (TemplatedFamily | `${TemplatedFamily}_${string}`)[];
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** What decides between the wordings of a family, known only when the message is rendered. */
export interface WordingFacts {
  /** `relativeDay` of the start on the business's calendar at send time: a reminder says "tomorrow" only where it is true. */
  readonly day: 'today' | 'tomorrow' | null;
  /** Whether money goes back to the customer. */
  readonly hasRefund: boolean;
}

/** The template that tells the truth about this booking at this moment. */
export function templateNameFor(family: TemplatedFamily, { day, hasRefund }: WordingFacts): TemplateName {
  if (family === 'booking_cancelled' && hasRefund) return 'booking_cancelled_refund';
  if (family !== 'booking_reminder' || day === 'tomorrow') return family;
  return day === 'today' ? 'booking_reminder_today' : 'booking_reminder_date';
}

/** How a template is called in the admin API and stored, e.g. `sms.booking_confirmed.en`. */
export function templateKey(channel: MessageChannel, name: TemplateName, language: string): string {
  return `${channel}.${name}.${language}`;
}
