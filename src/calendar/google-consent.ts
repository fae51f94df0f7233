import { createHash } from 'node:crypto';
import type { GoogleConfig } from '../config/config.js';
import { CalendarFailure, type ConsentAsked, type ConsentGiven } from './calendar.gateway.js';
import { loadSignIn } from './google-client.js';
import { calendarFailureOf } from './rules/google-failure.js';

const EVENTS = 'https://www.googleapis.com/auth/calendar.events';
/** Events, and whose they are: the same account connected again is then known to be the same. */
const SCOPES = [EVENTS, 'openid', 'email'];

/** The page of Google's on which a person agrees. Source: Google Identity, "Using OAuth 2.0 for Web Server Applications"; PKCE: RFC 7636. */
export async function consentUrlOf(
  config: GoogleConfig,
  { redirectUri, state, verifier }: ConsentAsked,
): Promise<string> {
  const url = new URL(
    (await loadSignIn(config, redirectUri)).generateAuthUrl({
      access_type: 'offline',
      // Without being asked again, who agreed before gives no refresh token.
      prompt: 'consent',
      scope: SCOPES,
      state,
    }),
  );
  url.searchParams.set('code_challenge_method', 'S256');
  url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
  return url.href;
}

/** Trades the code of a consent for what it is worth. Rejects with CalendarFailure, `refused` when it is worth too little. */
export async function redeemConsent(
  config: GoogleConfig,
  { code, redirectUri, verifier }: { code: string } & Pick<ConsentAsked, 'redirectUri' | 'verifier'>,
): Promise<ConsentGiven> {
  const client = await loadSignIn(config, redirectUri);
  const { tokens } = await client.getToken({ code, codeVerifier: verifier }).catch((error: unknown) => {
    throw calendarFailureOf(error);
  });
  const { refresh_token: refreshToken, scope, id_token: idToken } = tokens;
  if (!refreshToken || !scope?.split(' ').includes(EVENTS))
    throw new CalendarFailure('refused', 'consent-too-small', null);
  return { refreshToken, ...accountOf(idToken ?? '') };
}

/** Its signature need not be checked: it came from Google itself over TLS (OpenID Connect Core 3.1.3.7). */
function accountOf(idToken: string): { subject: string; email: string } {
  const [, payload = ''] = idToken.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (isAccount(claims)) return { subject: claims.sub, email: claims.email };
  } catch {
    // No JSON: not a word of who it is.
  }
  throw new CalendarFailure('refused', 'consent-too-small', null);
}

function isAccount(claims: unknown): claims is { sub: string; email: string } {
  if (typeof claims !== 'object' || claims === null) return false;
  return (
    'sub' in claims && typeof claims.sub === 'string' && 'email' in claims && typeof claims.email === 'string'
  );
}
