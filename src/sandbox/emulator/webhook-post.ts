import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const TIMEOUT_MS = 15_000;
const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

/** What the app answered; `status` is null when nobody did. */
export interface WebhookResult {
  status: number | null;
  body: string;
  error: string | null;
}

/** Twilio's signature of a form post: the URL as it was given, then every parameter by name. */
export function twilioSignature(token: string, url: string, params: Record<string, string>): string {
  const sorted = Object.keys(params).sort();
  const signed = sorted.reduce((text, key) => text + key + (params[key] ?? ''), url);
  return createHmac('sha1', token).update(signed, 'utf8').digest('base64');
}

/** Stripe's signature: over the instant and the body as it is sent, byte by byte. */
export function stripeSignature(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Posts a form as Twilio does; see `post`. */
export function postForm(
  url: string,
  params: Record<string, string>,
  headers: Record<string, string>,
): Promise<WebhookResult> {
  return post(url, new URLSearchParams(params).toString(), {
    ...headers,
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'user-agent': 'TwilioProxy/1.1',
  });
}

/** Posts JSON as Stripe does; see `post`. */
export function postJson(url: string, body: string, headers: Record<string, string>): Promise<WebhookResult> {
  return post(url, body, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  });
}

/** Posts a mail as a mail server hands it to a program; see `post`. */
export function postMail(url: string, mail: string, headers: Record<string, string>): Promise<WebhookResult> {
  return post(url, mail, { ...headers, 'content-type': 'message/rfc822' });
}

/** Posts headers alone as Google does; see `post`. */
export function postHeaders(url: string, headers: Record<string, string>): Promise<WebhookResult> {
  return post(url, '', {
    ...headers,
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
  });
}

/** Posts once and never throws. A connection that died while it lay idle was no delivery, so that is tried afresh. */
async function post(url: string, body: string, headers: Record<string, string>): Promise<WebhookResult> {
  const first = await attempt(url, body, headers);
  return first === 'stale-connection' ? settled(await attempt(url, body, headers)) : first;
}

function settled(result: WebhookResult | 'stale-connection'): WebhookResult {
  return result === 'stale-connection' ? { status: null, body: '', error: 'ECONNRESET' } : result;
}

function attempt(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<WebhookResult | 'stale-connection'> {
  const isTls = url.toLowerCase().startsWith('https:');
  const request = (isTls ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    agent: isTls ? agents.https : agents.http,
    timeout: TIMEOUT_MS,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  return new Promise((resolve) => {
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      resolve(isStale ? 'stale-connection' : { status: null, body: '', error: error.code ?? error.message });
    });
    request.on('response', (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? null, body: text, error: null }),
        (error: Error) => resolve({ status: null, body: '', error: error.message }),
      );
    });
    request.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  // With an encoding set, a response yields strings.
  for await (const piece of response as AsyncIterable<string>) text += piece;
  return text;
}

/** Idle connections would keep a stopped emulator alive. */
export function closeIdleConnections(): void {
  agents.http.destroy();
  agents.https.destroy();
}
