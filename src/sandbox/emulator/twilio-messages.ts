import { randomBytes } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import type { Fault } from './faults.js';
import type { HttpAnswer } from './http-call.js';
import { isUnderWay, type TwilioDelivery } from './twilio-delivery.js';
import { refuse } from './twilio-errors.js';
import { messagePage, messageResource } from './twilio-resource.js';
import { readMessageRequest, refusalOf, type MessageRequest } from './twilio-rules.js';
import type { AcceptedMessage, DeliveryPlan, Message, MessageStatus, TwilioStore } from './twilio-store.js';

const HANDSET_UNREACHABLE = 30003;

/** The five operations of Twilio's Messages resource. */
export class TwilioMessages {
  constructor(
    private readonly store: TwilioStore,
    private readonly delivery: TwilioDelivery,
  ) {}

  /** 201 only after the message stands in the journal. */
  create(form: URLSearchParams, fault: Fault | undefined): HttpAnswer {
    const request = readMessageRequest(form);
    const { from, to } = request;
    const refusal = refusalOf(request, this.store.isOptedOut(from, to), Date.now());
    if (refusal !== null) {
      this.store.record({ kind: 'twilio.refused', data: { to, from, code: refusal } });
      return refuse(refusal);
    }
    const accepted = acceptedMessage(request, planOf(fault));
    this.store.record({ kind: 'twilio.message', data: accepted });
    const message = this.store.get(accepted.sid);
    this.delivery.start(message);
    return { status: 201, json: messageResource(message) };
  }

  list(query: URLSearchParams): HttpAnswer {
    return { status: 200, json: messagePage(this.store.newestFirst(), query) };
  }

  fetch(message: Message): HttpAnswer {
    return { status: 200, json: messageResource(message) };
  }

  /** Redaction (`Body=`) or cancellation (`Status=canceled`); nothing else can be changed. */
  update(message: Message, form: URLSearchParams): HttpAnswer {
    if (form.get('Status') === 'canceled') {
      if (message.status !== 'scheduled') return refuse(30409);
      this.delivery.cancel(message);
    } else if (form.has('Body')) {
      if (form.get('Body') !== '') return refuse(21620);
      if (isUnderWay(message)) return refuse(20009);
      this.store.record({ kind: 'twilio.redacted', data: { sid: message.sid } });
    }
    return this.fetch(message);
  }

  remove(message: Message): HttpAnswer {
    if (isUnderWay(message)) return refuse(20009);
    this.store.record({ kind: 'twilio.deleted', data: { sid: message.sid } });
    return { status: 204 };
  }
}

function acceptedMessage(request: MessageRequest, plan: DeliveryPlan): AcceptedMessage {
  return {
    sid: `${request.mediaCount > 0 ? 'MM' : 'SM'}${randomBytes(16).toString('hex')}`,
    direction: 'outbound-api',
    to: request.to,
    from: request.from,
    body: request.body,
    numSegments: new SegmentedMessage(request.body).segmentsCount,
    numMedia: request.mediaCount,
    messagingServiceSid: request.messagingServiceSid,
    status: firstStatus(request),
    statusCallback: request.statusCallback,
    sendAt: request.isScheduled ? request.sendAt : null,
    plan,
  };
}

function firstStatus(request: MessageRequest): MessageStatus {
  if (request.isScheduled) return 'scheduled';
  return request.messagingServiceSid === null ? 'queued' : 'accepted';
}

function planOf(fault: Fault | undefined): DeliveryPlan {
  const finalStatus = fault?.finalStatus ?? 'delivered';
  const hasFailed = finalStatus === 'failed' || finalStatus === 'undelivered';
  return {
    finalStatus,
    errorCode: hasFailed ? (fault?.errorCode ?? HANDSET_UNREACHABLE) : null,
    stepMs: fault?.callbackDelayMs ?? null,
    callbacks: fault?.loseCallbacks ? 'lost' : fault?.duplicateCallbacks ? 'twice' : 'once',
  };
}
