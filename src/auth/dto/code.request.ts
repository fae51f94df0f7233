import { normalizeEmail, normalizePhone } from '../../common/contact.js';
import { FieldRefused } from '../../common/domain-error.js';
import { OneOf, Pattern, Text } from '../../common/fields/text.fields.js';
import { Id } from '../../common/fields/value.fields.js';
import { CODE_CHANNELS, type CodeChannel } from '../entities/one-time-code.entity.js';

const SIX_DIGITS = /^\d{6}$/;

export class CodeRequest {
  @OneOf(CODE_CHANNELS) channel!: CodeChannel;
  @Text({ max: 254, description: 'A phone number with its country code for `sms`, an address for `email`' })
  to!: string;

  /** The contact as it is stored and compared; throws where it is none of that kind. */
  static contactOf({ channel, to }: CodeRequest): string {
    const contact = channel === 'sms' ? normalizePhone(to) : normalizeEmail(to);
    if (contact !== null) return contact;
    throw channel === 'sms'
      ? new FieldRefused(
          '/to',
          'phone',
          'must be a telephone number with its country code, such as +15005550100',
        )
      : new FieldRefused('/to', 'email', 'must be an e-mail address');
  }
}

/** The code that came. */
export class ToldCodeRequest {
  @Id({ description: 'Of the answer to the question for a code' }) challengeId!: string;
  @Pattern({ pattern: SIX_DIGITS, max: 6, example: '042117' }) code!: string;
}

export class VerifyCodeRequest extends ToldCodeRequest {
  @Text({ max: 120, optional: true, example: 'Ada Lovelace', description: 'For somebody who is new here' })
  name?: string;
}

export class StepUpRequest {
  @OneOf(CODE_CHANNELS, { description: 'Which of the contacts that you have proven' }) channel!: CodeChannel;
}
