import { Out } from '../../common/fields/response.fields.js';
import type { Message } from '../../messaging/entities/message.entity.js';
import { STORED_STATES } from '../../messaging/entities/message.entity.js';

export class TestSmsResponse {
  @Out.id() messageId!: string;
  @Out.text({ nullable: true, description: 'The provider’s id' }) providerId!: string | null;
  @Out.oneOf(STORED_STATES, {
    description: 'What the provider said at once; `GET /admin/messages/:id` follows it',
  })
  state!: string;
  @Out.text({ nullable: true }) body!: string | null;
  @Out.int({ nullable: true }) segments!: number | null;
  @Out.int({ nullable: true }) errorCode!: number | null;
  @Out.text({ nullable: true, description: 'Why it failed, in plain English' }) reason!: string | null;

  static from(this: void, message: Message): TestSmsResponse {
    return {
      messageId: message.id,
      providerId: message.providerId ?? null,
      state: message.state,
      body: message.body ?? null,
      segments: message.segments ?? null,
      errorCode: message.errorCode ?? null,
      reason: message.reason ?? null,
    };
  }
}
