import { Phone, Text } from '../../common/fields/text.fields.js';
import { Bool } from '../../common/fields/value.fields.js';

export class TestSmsRequest {
  @Phone() to!: string;
  @Text({ max: 300, optional: true, description: 'Is marked as a test' }) body?: string;
}

export class SendByHandRequest {
  @Bool({
    optional: true,
    default: false,
    description: 'Also when the same text went out less than 10 minutes ago',
  })
  force?: boolean;
}
