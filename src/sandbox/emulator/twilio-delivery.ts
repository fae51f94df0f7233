import { SANDBOX_TWILIO } from './credentials.js';
import type { SandboxSettings } from './settings.js';
import type { Message, MessageStatus, TwilioStore } from './twilio-store.js';
import { postForm, twilioSignature } from './webhook-post.js';

/** Longer timers overflow and fire at once. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** Moves accepted messages on, step by step, and tells the app of each step; the first status is never told. */
export class TwilioDelivery {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly store: TwilioStore,
    private readonly settings: SandboxSettings,
  ) {}

  /** Takes a message up where it stands: freshly accepted, or half-way when the emulator was restarted. */
  start(message: Message): void {
    const next = nextStatus(message);
    if (next === null) return;
    const dueIn =
      message.status === 'scheduled' && message.sendAt !== null
        ? Date.parse(message.sendAt) - Date.now()
        : (message.plan.stepMs ?? this.settings.stepMs);
    const isLong = dueIn > LONGEST_TIMER_MS;
    const act = () => (isLong ? this.start(message) : this.step(message, next));
    this.timers.set(message.sid, setTimeout(act, isLong ? LONGEST_TIMER_MS : dueIn));
  }

  /** A canceled message goes no further, and Twilio tells so. */
  cancel(message: Message): void {
    clearTimeout(this.timers.get(message.sid));
    this.step(message, 'canceled');
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private step(message: Message, status: MessageStatus): void {
    this.timers.delete(message.sid);
    const errorCode = status === 'failed' || status === 'undelivered' ? message.plan.errorCode : null;
    this.store.record({ kind: 'twilio.status', data: { sid: message.sid, status, errorCode } });
    const copies = { once: 1, twice: 2, lost: 0 }[message.plan.callbacks];
    // Not awaited: a slow app gets the next step meanwhile, perhaps out of order, as in real life.
    for (let copy = 0; copy < copies; copy += 1) void this.tell(message, status, errorCode);
    this.start(message);
  }

  private async tell(message: Message, status: MessageStatus, errorCode: number | null): Promise<void> {
    const url = message.statusCallback;
    if (url === null) return;
    const params = callbackParams(message, status, errorCode);
    const signature = twilioSignature(SANDBOX_TWILIO.authToken, url, params);
    const result = await postForm(url, params, { 'x-twilio-signature': signature });
    // A reset or a shutdown in the meantime leaves nothing to write to.
    if (this.store.find(message.sid) !== message) return;
    const { status: httpStatus, error } = result;
    this.store.record({
      kind: 'twilio.callback',
      data: { sid: message.sid, status, url, httpStatus, error },
    });
  }
}

/** Not final yet, so Twilio refuses to delete or redact it. */
export function isUnderWay(message: Message): boolean {
  return nextStatus(message) !== null && message.status !== 'sent';
}

function nextStatus(message: Message): MessageStatus | null {
  const { finalStatus } = message.plan;
  switch (message.status) {
    case 'scheduled':
    case 'accepted':
      return 'queued';
    case 'queued':
      return 'sending';
    case 'sending':
      return finalStatus === 'failed' ? 'failed' : 'sent';
    case 'sent':
      return finalStatus === 'sent' ? null : finalStatus;
    default:
      return null;
  }
}

function callbackParams(
  message: Message,
  status: MessageStatus,
  errorCode: number | null,
): Record<string, string> {
  return {
    AccountSid: SANDBOX_TWILIO.accountSid,
    ApiVersion: '2010-04-01',
    From: message.from,
    MessageSid: message.sid,
    MessageStatus: status,
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.messagingServiceSid === null ? {} : { MessagingServiceSid: message.messagingServiceSid }),
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode) }),
  };
}
