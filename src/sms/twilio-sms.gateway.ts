import { Injectable } from '@nestjs/common';
import { Config, type ProviderMode } from '../config/config.js';
import { ChannelFailure } from '../messaging/channel.errors.js';
import { CarriesMessages } from '../messaging/channel.decorator.js';
import type {
  KnownMessage,
  OutgoingMessage,
  PreparedText,
  ProviderState,
  Receipt,
} from '../messaging/channel.port.js';
import { ProviderBreaker } from '../messaging/provider-breaker.service.js';
import type { BreakerState } from '../outbox/integration-status.service.js';
import { normalizeToGsm7, segmentsOf } from './rules/segments.js';
import { twilioError } from './rules/twilio-errors.js';
import { classifyTwilioFailure } from './rules/twilio-failure.js';
import { providerStateOf } from './rules/twilio-states.js';
import { SmsGateway } from './sms.gateway.js';
import { loadTwilio, TwilioRefusal, type TwilioSdk } from './twilio-client.js';

/** Errors of the network before a byte of the request was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const PAGE = 50;
const MOST_LISTED = 500;

/** What we read of a message of the SDK; its own types claim more than the wire gives. */
interface WireMessage {
  readonly sid?: string;
  readonly status?: string;
  readonly body?: string | null;
  readonly errorCode?: number | null;
  readonly dateCreated?: Date | null;
}

/** A page of the provider's list, newest first. */
interface WirePage {
  readonly instances: readonly WireMessage[];
  nextPage(): Promise<WirePage> | undefined;
}

/** SMS by Twilio's official SDK, live or against the sandbox's emulator of the same wire format. */
@Injectable()
@CarriesMessages()
export class TwilioSmsGateway extends SmsGateway {
  readonly channel = 'sms';
  readonly repeatIsHarmless = false;
  private readonly circuit: ProviderBreaker;
  private sdk: Promise<TwilioSdk> | null = null;

  constructor(private readonly config: Config) {
    super();
    this.circuit = new ProviderBreaker('twilio', config.providerBreakerMs);
  }

  get mode(): ProviderMode {
    return this.config.twilio.mode;
  }

  get breaker(): BreakerState {
    return this.circuit.state;
  }

  prepare(text: string): PreparedText {
    const body = normalizeToGsm7(text);
    return { body, segments: segmentsOf(body).segments };
  }

  async ready(): Promise<void> {
    await this.load();
  }

  async send({ id, to, body }: OutgoingMessage): Promise<Receipt> {
    const { from, messagingServiceSid } = this.config.twilio;
    const sender = messagingServiceSid === null ? { from } : { messagingServiceSid };
    const statusCallback = `${this.config.publicUrl}/webhooks/twilio/status?message=${id}`;
    const created: WireMessage = await this.call(async ({ messages }) =>
      messages.create({ to, body, statusCallback, ...sender }),
    );
    // A success whose body cannot be read may still have been one.
    if (typeof created.sid !== 'string') throw failureOf(new TwilioRefusal(200, null, null));
    return { providerId: created.sid, state: providerStateOf(created.status) };
  }

  async listSince(to: string, since: Date): Promise<KnownMessage[]> {
    return this.call(async ({ messages }) => {
      const known: KnownMessage[] = [];
      let page: WirePage = await messages.page({ to, pageSize: PAGE });
      while (known.length < MOST_LISTED) {
        const recent = page.instances.map(knownOf).filter(({ createdAt }) => createdAt >= since);
        known.push(...recent);
        const next =
          recent.length === page.instances.length && page.instances.length > 0
            ? await page.nextPage()
            : undefined;
        if (!next) break;
        page = next;
      }
      return known;
    });
  }

  async fetch(providerId: string): Promise<KnownMessage | null> {
    try {
      return knownOf(await this.call(async ({ messages }) => messages(providerId).fetch()));
    } catch (error) {
      if (error instanceof ChannelFailure && error.httpStatus === 404) return null;
      throw error;
    }
  }

  /** Text, numbers and all: https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource */
  async forget(providerId: string): Promise<void> {
    try {
      await this.call(async ({ messages }) => messages(providerId).remove());
    } catch (error) {
      if (!(error instanceof ChannelFailure && error.httpStatus === 404)) throw error;
    }
  }

  explain(errorCode: number | null): { reason: string; isPassing: boolean } {
    const { kind, reason, advice } = twilioError(errorCode);
    return { reason: `${reason} ${advice}`, isPassing: kind === 'retry' };
  }

  async isSignedByProvider(
    signature: string,
    originalUrl: string,
    form: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const { authToken } = this.config.twilio;
    if (authToken === '' || signature === '') return false;
    const sdk = await this.load();
    return sdk.validate(authToken, signature, this.config.publicUrl + originalUrl, { ...form });
  }

  private call<T>(work: (sdk: TwilioSdk) => Promise<T>): Promise<T> {
    return this.circuit.run(async () => {
      const sdk = await this.load();
      return work(sdk).catch((error: unknown) => {
        throw failureOf(error);
      });
    });
  }

  private load(): Promise<TwilioSdk> {
    this.sdk ??= loadTwilio(this.config.twilio);
    return this.sdk;
  }
}

function knownOf(message: WireMessage): KnownMessage {
  const { sid = '', status, body, errorCode, dateCreated } = message;
  const state: ProviderState = providerStateOf(status);
  return {
    providerId: sid,
    state,
    body: body ?? '',
    errorCode: errorCode ?? null,
    createdAt: dateCreated ?? new Date(0),
  };
}

function failureOf(error: unknown): ChannelFailure {
  const refusal = error instanceof TwilioRefusal ? error : null;
  const network = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const facts = {
    httpStatus: refusal?.status ?? null,
    code: refusal?.code ?? null,
    retryAfter: refusal?.retryAfter ?? null,
  };
  const failure = classifyTwilioFailure({ ...facts, neverSent: NEVER_SENT.has(network) });
  const { code, retryAfterMs, mayHaveBeenSent } = failure;
  const kind = failure.outcome === 'failed' ? 'permanent' : failure.outcome;
  const reason = `${failure.reason} ${failure.advice}`;
  return new ChannelFailure({
    kind,
    reason,
    code,
    httpStatus: facts.httpStatus,
    retryAfterMs,
    mayHaveBeenSent,
  });
}
