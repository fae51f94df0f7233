import type { calendar_v3 } from '@googleapis/calendar';
import type { GoogleConfig } from '../config/config.js';

const TIMEOUT_MS = 10_000;

/** Makes Google's own client for one account, loaded when first needed: it costs 0.15 s. Other bases where configured. */
export async function loadCalendar(
  config: GoogleConfig,
  refreshToken: string,
): Promise<calendar_v3.Calendar> {
  const client = await loadSignIn(config);
  const { calendar } = await import('@googleapis/calendar');
  client.setCredentials({ refresh_token: refreshToken });
  return calendar({
    version: 'v3',
    auth: client,
    timeout: TIMEOUT_MS,
    // Whatever fails is the outbox's to repeat, with its own patience.
    retry: false,
    ...(config.apiBase === null ? {} : { rootUrl: `${config.apiBase}/` }),
  });
}

/** Google's own client of its sign-in; `redirectUri` is where people are sent back to. */
export async function loadSignIn({ clientId, clientSecret, oauthBase }: GoogleConfig, redirectUri?: string) {
  const { auth } = await import('@googleapis/calendar');
  return new auth.OAuth2({
    clientId,
    clientSecret,
    ...(redirectUri === undefined ? {} : { redirectUri }),
    // An access token may be taken back before its time: then it is renewed once and the call made again.
    forceRefreshOnFailure: true,
    ...(oauthBase === null ? {} : { endpoints: endpointsAt(oauthBase) }),
  });
}

function endpointsAt(base: string) {
  return {
    oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${base}/token`,
    oauth2RevokeUrl: `${base}/revoke`,
    tokenInfoUrl: `${base}/tokeninfo`,
  };
}
