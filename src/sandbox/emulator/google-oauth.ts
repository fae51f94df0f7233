import { createHash, randomBytes } from 'node:crypto';
import { SANDBOX_GOOGLE } from './credentials.js';
import { refuseToken } from './google-errors.js';
import type { GoogleStore } from './google-store.js';
import type { HttpAnswer, HttpCall } from './http-call.js';

const ACCESS_LIFE_S = 3_599;
const ASKED = ['client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'access_type'] as const;

/** What a person agreed to, until the client fetches its tokens for it. */
interface Consent {
  account: string;
  scope: string;
  redirectUri: string;
  challenge: string | null;
  isOffline: boolean;
}

/** Google's sign-in for programs: a page that asks a person, codes, tokens. */
export class GoogleOAuth {
  private readonly consents = new Map<string, Consent>();

  constructor(private readonly store: GoogleStore) {}

  /** The page on which a person agrees or does not. */
  page({ query }: HttpCall): HttpAnswer {
    if (query.get('client_id') !== SANDBOX_GOOGLE.clientId || query.get('response_type') !== 'code')
      return html(400, '<h1>Error 401: invalid_client</h1>');
    const hidden = ASKED.map(
      (name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? '')}">`,
    );
    return html(
      200,
      `<h1>Lawrei wants to access your Google Account</h1><p>See and change events: ${escaped(query.get('scope') ?? '')}</p>
<form method="post" action="/o/oauth2/approve">${hidden.join('')}
<p><label>Account <input name="account" value="${SANDBOX_GOOGLE.calendarId}"></label></p>
<button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Cancel</button></form>`,
    );
  }

  /** The person has decided, and is sent back to whoever asked. */
  approve(call: HttpCall): HttpAnswer {
    const form = new URLSearchParams(call.body);
    const redirectUri = form.get('redirect_uri') ?? '';
    if (!URL.canParse(redirectUri)) return html(400, '<h1>Error 400: redirect_uri_mismatch</h1>');
    const back = new URL(redirectUri);
    back.searchParams.set('state', form.get('state') ?? '');
    if (form.get('answer') === 'allow') back.searchParams.set('code', this.consent(form, redirectUri));
    else back.searchParams.set('error', 'access_denied');
    return { status: 302, headers: { location: back.href } };
  }

  token(call: HttpCall): HttpAnswer {
    const form = new URLSearchParams(call.body);
    if (
      form.get('client_id') !== SANDBOX_GOOGLE.clientId ||
      form.get('client_secret') !== SANDBOX_GOOGLE.clientSecret
    )
      return refuseToken('invalid_client');
    if (form.get('grant_type') === 'authorization_code') return this.forCode(form);
    if (form.get('grant_type') === 'refresh_token') return this.forRefresh(form.get('refresh_token') ?? '');
    return refuseToken('invalid_request');
  }

  revoke(call: HttpCall): HttpAnswer {
    const token = call.query.get('token') ?? new URLSearchParams(call.body).get('token') ?? '';
    const refreshToken = this.refreshTokenOf(token) ?? token;
    if (!this.store.grant(refreshToken)) return { status: 400, json: { error: 'invalid_token' } };
    this.store.record({ kind: 'google.revoked', data: { refreshToken } });
    return { status: 200, json: {} };
  }

  /** Whether a call carries an access token that is worth something. */
  isAuthentic(call: HttpCall): boolean {
    return this.refreshTokenOf(call.headers.authorization?.replace(/^Bearer /, '') ?? '') !== null;
  }

  private consent(form: URLSearchParams, redirectUri: string): string {
    const code = `4/${randomBytes(24).toString('base64url')}`;
    const challenge = form.get('code_challenge') || null;
    const account = form.get('account') || SANDBOX_GOOGLE.calendarId;
    // Whoever has an account has a calendar.
    if (!this.store.calendar(account))
      this.store.record({
        kind: 'google.calendar',
        data: { id: account, summary: account, timeZone: 'UTC' },
      });
    const isOffline = form.get('access_type') === 'offline';
    this.consents.set(code, { redirectUri, challenge, isOffline, account, scope: form.get('scope') ?? '' });
    return code;
  }

  private forCode(form: URLSearchParams): HttpAnswer {
    const consent = this.consents.get(form.get('code') ?? '');
    this.consents.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!consent || consent.redirectUri !== form.get('redirect_uri')) return refuseToken('invalid_grant');
    if (consent.challenge !== null && consent.challenge !== verifier) return refuseToken('invalid_grant');
    const refreshToken = `1//${randomBytes(24).toString('base64url')}`;
    this.store.record({ kind: 'google.granted', data: { refreshToken } });
    const { account, scope, isOffline } = consent;
    return this.tokens(refreshToken, {
      scope,
      ...(isOffline ? { refresh_token: refreshToken } : {}),
      ...(scope.includes('openid') ? { id_token: idTokenOf(account) } : {}),
    });
  }

  private forRefresh(refreshToken: string): HttpAnswer {
    const grant = this.store.grant(refreshToken);
    return grant && !grant.isRevoked ? this.tokens(refreshToken, {}) : refuseToken('invalid_grant');
  }

  private tokens(refreshToken: string, more: Readonly<Record<string, string>>): HttpAnswer {
    const life = [refreshToken, this.store.lastSeq, Date.now() + ACCESS_LIFE_S * 1_000].join('|');
    const token = `ya29.${Buffer.from(life).toString('base64url')}`;
    const scope = 'https://www.googleapis.com/auth/calendar.events';
    return {
      status: 200,
      json: { access_token: token, expires_in: ACCESS_LIFE_S, scope, token_type: 'Bearer', ...more },
    };
  }

  private refreshTokenOf(accessToken: string): string | null {
    const life = Buffer.from(accessToken.replace(/^ya29\./, ''), 'base64url').toString();
    const [refreshToken = '', seq, end] = life.split('|');
    const grant = this.store.grant(refreshToken);
    const isGood = grant && !grant.isRevoked && Number(seq) >= grant.accessSince && Number(end) > Date.now();
    return isGood ? refreshToken : null;
  }
}

/** Who the account is (OpenID Connect); its signature is worth nothing, since nobody needs one over the wire from Google itself. */
function idTokenOf(email: string): string {
  const sub = createHash('sha256').update(email).digest('hex').slice(0, 21);
  const claims = { iss: 'https://accounts.google.com', aud: SANDBOX_GOOGLE.clientId, sub, email };
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, 'sandbox'].join('.');
}

function html(status: number, body: string): HttpAnswer {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Google Accounts of the sandbox</title>${body}`;
  return { status, text: page, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
