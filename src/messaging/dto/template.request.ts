import { Locale, OneOf, Pattern, Text } from '../../common/fields/text.fields.js';
import { Int } from '../../common/fields/value.fields.js';
import {
  MESSAGE_CHANNELS,
  TEMPLATE_NAMES,
  type MessageChannel,
  type TemplateName,
} from '../text/families.js';
import type { Wording } from '../text/publishable.js';

/** The words of a template; variables in braces. */
export class TemplateDraftRequest {
  @Text({
    max: 200,
    optional: true,
    example: 'Confirmed: {service} on {date}',
    description: 'For e-mails, and needed there',
  })
  subject?: string;
  @Text({ max: 5000, example: 'Hi {firstName}! {service} on {date} at {time}. - {business}' }) body!: string;

  static wording({ subject, body }: TemplateDraftRequest): Wording {
    return { subject: subject ?? null, body };
  }
}

/** A template in another language. */
export class CreateTemplateRequest extends TemplateDraftRequest {
  @OneOf(MESSAGE_CHANNELS) channel!: MessageChannel;
  @OneOf(TEMPLATE_NAMES) name!: TemplateName;
  @Pattern({ pattern: /^[a-z]{2}$/, max: 2, example: 'es', description: 'ISO 639-1' }) language!: string;
}

/** What to show: the words given, else the draft, else what is in force. */
export class PreviewTemplateRequest {
  @Text({ max: 200, optional: true, example: 'Confirmed: {service} on {date}' }) subject?: string;
  @Text({ max: 5000, optional: true, example: 'Hi {firstName}! {service} on {date} at {time}. - {business}' })
  body?: string;
  @Locale({ optional: true, description: 'Of the reader' }) locale?: string;
}

/** Which version shall be in force again. */
export class RollBackTemplateRequest {
  @Int({ min: 1, max: 1_000_000, description: '1 is what the product ships with' }) number!: number;
}
