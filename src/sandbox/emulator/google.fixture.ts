import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { auth, calendar, type calendar_v3 } from '@googleapis/calendar';
import { SANDBOX_GOOGLE } from './credentials.js';

/** The official sign-in client, redirected to an emulator. */
export function oauthAt(base: string, redirectUri = 'http://127.0.0.1:9/callback') {
  return new auth.OAuth2({
    clientId: SANDBOX_GOOGLE.clientId,
    clientSecret: SANDBOX_GOOGLE.clientSecret,
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${base}/token`,
      oauth2RevokeUrl: `${base}/revoke`,
    },
  });
}

/** The official Calendar client as the salon's account; without retries, so that a test sees every answer. */
export function calendarAt(base: string): calendar_v3.Calendar {
  const client = oauthAt(base);
  client.setCredentials({ refresh_token: SANDBOX_GOOGLE.refreshToken });
  return calendar({ version: 'v3', auth: client, rootUrl: `${base}/`, retry: false });
}

/** What the API refused: its status and Google's reason. */
export async function reasonOf(call: Promise<unknown>): Promise<[number, string]> {
  try {
    await call;
  } catch (error) {
    // The official client fails with GaxiosErrors alone.
    const { response } = error as {
      response: { status: number; data: { error: string | { errors: { reason: string }[] } } };
    };
    const said = response.data.error;
    return [response.status, typeof said === 'string' ? said : (said.errors[0]?.reason ?? '')];
  }
  throw new Error('it was not refused');
}

/** Stands in for the app's webhook for Google and keeps the headers of what it was told. */
export class PushReceiver {
  readonly pushes: IncomingHttpHeaders[] = [];
  url = '';
  private readonly server: Server = createServer((request, response) => {
    this.pushes.push(request.headers);
    request.resume().on('end', () => response.writeHead(204).end());
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/google/calendar`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get states(): string[] {
    return this.pushes.map((headers) => String(headers['x-goog-resource-state']));
  }
}
