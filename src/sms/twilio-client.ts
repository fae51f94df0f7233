import type { Twilio } from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type { TwilioConfig } from '../config/config.js';

/** One call gives up after this long, whatever it waits for. */
const TIMEOUT_MS = 10_000;
const MOST_SOCKETS = 20;

/** An answer of Twilio that is no success, with the header the SDK drops. */
export class TwilioRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number | null,
    readonly retryAfter: string | null,
  ) {
    super(`Twilio answered ${status}`);
  }
}

/** The official SDK and its signature check, loaded when first needed: it costs 0.15 s and 30 MB. */
export interface TwilioSdk {
  readonly client: Twilio;
  /** `client.messages`, which the SDK loads when it is first asked for. */
  readonly messages: Twilio['messages'];
  validate(authToken: string, signature: string, url: string, params: Record<string, unknown>): boolean;
}

/** Makes the SDK's client: another base where configured, a timeout, no redirects, no retries of its own. */
export async function loadTwilio(config: TwilioConfig): Promise<TwilioSdk> {
  const { default: twilio } = await import('twilio');
  class Client extends twilio.RequestClient {
    override async request<T>(options: RequestClient.RequestOptions<T>) {
      options.uri = rebased(options.uri, config.apiBase);
      options.allowRedirects = false;
      const response = await super.request<T>(options);
      if (response.statusCode >= 400) throw refusalOf(response.statusCode, response.body, response.headers);
      return response;
    }
  }
  const httpClient = new Client({ timeout: TIMEOUT_MS, autoRetry: false, maxSockets: MOST_SOCKETS });
  const client = twilio(config.accountSid, config.authToken, { httpClient });
  return {
    client,
    messages: client.messages,
    validate: (token, signature, url, params) => twilio.validateRequest(token, signature, url, params),
  };
}

function rebased(uri: string, base: string | null): string {
  if (base === null) return uri;
  const { pathname, search } = new URL(uri);
  return new URL(pathname + search, base).href;
}

function refusalOf(status: number, body: unknown, headers: unknown): TwilioRefusal {
  const code =
    typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'number'
      ? body.code
      : null;
  const named =
    typeof headers === 'object' && headers !== null && 'retry-after' in headers
      ? headers['retry-after']
      : null;
  return new TwilioRefusal(
    status,
    code,
    typeof named === 'string' || typeof named === 'number' ? String(named) : null,
  );
}
