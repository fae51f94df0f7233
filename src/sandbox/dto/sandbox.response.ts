import { Out } from '../../common/fields/response.fields.js';
import type { EmailView } from '../emulator/mailbox.js';
import type { InboundResult } from '../emulator/twilio-inbound.js';
import type { SmsView } from '../emulator/twilio-store.js';
import type { SandboxState } from '../sandbox.client.js';
import { SandboxEventResponse } from './google.response.js';
import { SandboxPaymentResponse } from './stripe.response.js';

/** A text as the phone would show it; `at` is real time. */
export class SandboxSmsResponse {
  @Out.text() to!: string;
  @Out.text() from!: string;
  @Out.text() body!: string;
  @Out.text() status!: string;
  @Out.instant() at!: string;
  @Out.text({ description: 'Twilio’s id' }) sid!: string;
  @Out.int({ nullable: true }) errorCode!: number | null;

  static from({ to, from, body, status, at, sid, errorCode }: SmsView): SandboxSmsResponse {
    return Object.assign(new SandboxSmsResponse(), { to, from, body, status, at, sid, errorCode });
  }
}

/** An attachment of an e-mail: text as it is, everything else as base64. */
export class SandboxAttachmentResponse {
  @Out.text({ nullable: true }) filename!: string | null;
  @Out.text() contentType!: string;
  @Out.text() content!: string;
}

/** An e-mail as it arrived; `at` is real time. */
export class SandboxEmailResponse {
  @Out.text() to!: string;
  @Out.text() from!: string;
  @Out.text() subject!: string;
  @Out.text() text!: string;
  @Out.text({ nullable: true }) html!: string | null;
  @Out.list(() => SandboxAttachmentResponse) attachments!: SandboxAttachmentResponse[];
  @Out.instant() at!: string;

  static from({ to, from, subject, text, html, attachments, at }: EmailView): SandboxEmailResponse {
    const shown = attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content,
    }));
    return Object.assign(new SandboxEmailResponse(), {
      to,
      from,
      subject,
      text,
      html,
      attachments: shown,
      at,
    });
  }
}

/** Everything that left the product, oldest first, and app time. */
export class SandboxResponse {
  @Out.instant({ description: 'App time' }) now!: string;
  @Out.int({ description: 'For the next `since`' }) seq!: number;
  @Out.list(() => SandboxSmsResponse) sms!: SandboxSmsResponse[];
  @Out.list(() => SandboxSmsResponse, { description: 'Texts from customers' }) inbound!: SandboxSmsResponse[];
  @Out.list(() => SandboxEmailResponse) emails!: SandboxEmailResponse[];
  @Out.list(() => SandboxEventResponse, {
    description: 'In Google’s calendars; none when only one recipient is asked for',
  })
  events!: SandboxEventResponse[];
  @Out.list(() => SandboxPaymentResponse, { description: 'None when only one recipient is asked for' })
  payments!: SandboxPaymentResponse[];

  static from(state: SandboxState, now: Date): SandboxResponse {
    return Object.assign(new SandboxResponse(), {
      now: now.toISOString(),
      seq: state.seq,
      sms: state.sms.map(SandboxSmsResponse.from),
      inbound: state.inbound.map(SandboxSmsResponse.from),
      emails: state.emails.map(SandboxEmailResponse.from),
      events: state.events.map(SandboxEventResponse.from),
      payments: state.payments.map(SandboxPaymentResponse.from),
    });
  }
}

/** App time after a move. */
export class ClockResponse {
  @Out.instant() now!: string;

  static of(now: Date): ClockResponse {
    return Object.assign(new ClockResponse(), { now: now.toISOString() });
  }
}

/** What became of a customer's text: what the carrier did, and what our webhook answered (null: it could not be reached). */
export class InboundSmsResponse {
  @Out.text() sid!: string;
  @Out.oneOf(['STOP', 'START'], { nullable: true }) optOut!: 'STOP' | 'START' | null;
  @Out.int({ nullable: true }) webhookStatus!: number | null;

  static from({ sid, optOut, webhook }: InboundResult): InboundSmsResponse {
    return Object.assign(new InboundSmsResponse(), { sid, optOut, webhookStatus: webhook.status });
  }
}
