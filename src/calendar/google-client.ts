import type { calendar_v3 } from '@googleapis/calendar';
import type { GoogleConfig } from '../config/config.js';

const TIMEOUT_MS = 10_000;

/** Makes Google's own client for one account, loaded when first needed: it costs 0.15 s. Other bases where configured. */
export async function loadCalendar(
  config: GoogleConfig,
  refreshToken: string,
): Promise<calendar_v3.Calendar> {
  const { auth, calendar } = await import('@googleapis/calendar');
  const { clientId, clientSecret, apiBase, oauthBase } = config;
  const client = new auth.OAuth2({
    clientId,
    clientSecret,
    // An access token may be taken back before its time: then it is renewed once and the call made again.
    forceRefreshOnFailure: true,
    ...(oauthBase === null ? {} : { endpoints: endpointsAt(oauthBase) }),
  });
  client.setCredentials({ refresh_token: refreshToken });
  return calendar({
    version: 'v3',
    auth: client,
    timeout: TIMEOUT_MS,
    // Whatever fails is the outbox's to repeat, with its own patience.
    retry: false,
    ...(apiBase === null ? {} : { rootUrl: `${apiBase}/` }),
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
