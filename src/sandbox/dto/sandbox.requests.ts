import { Phone, Text } from '../../common/fields/text.fields.js';
import { Int } from '../../common/fields/value.fields.js';

/** Narrows down what was sent. */
export class SandboxQuery {
  @Text({ max: 254, optional: true, description: 'One recipient: a number or an address' }) to?: string;
  @Int({ min: 0, max: 1_000_000_000, optional: true, description: 'The `seq` of an earlier answer' })
  since?: number;
}

/** A text a customer sends to the salon. */
export class InboundSmsRequest {
  @Phone() from!: string;
  @Text({ max: 1_600 }) body!: string;
}
