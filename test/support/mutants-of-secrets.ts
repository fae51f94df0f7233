import type { Mutant } from './mutant.types.js';

const ISOLATION = ['test/e2e/isolation.e2e-spec.ts'];
const TOKENS = ['test/e2e/auth-tokens.e2e-spec.ts'];
const CODES = ['test/e2e/customer-sign-in.e2e-spec.ts'];

/** What ends a session. */
export const SESSIONS: readonly Mutant[] = [
  ['revoked sessions', 's.revoked_at is null and s.expires_at > now()\n', 's.expires_at > now()\n', TOKENS],
  [
    'expired sessions',
    's.revoked_at is null and s.expires_at > now()\n',
    's.revoked_at is null\n',
    ISOLATION,
  ],
  ['disabled accounts', `'staff' then a.disabled_at is null`, `'staff' then true`, ISOLATION],
  [
    'erased and merged customers',
    `'customer' then c.erased_at is null and c.merged_into_id is null`,
    `'customer' then true`,
    ISOLATION,
  ],
  [
    'revoked links',
    `'guest' then l.revoked_at is null and l.expires_at > app_now()`,
    `'guest' then l.expires_at > app_now()`,
    ['test/e2e/manage-links.e2e-spec.ts'],
  ],
  [
    'links of appointments that are over',
    `'guest' then l.revoked_at is null and l.expires_at > app_now()`,
    `'guest' then l.revoked_at is null`,
    ['test/e2e/manage-links.e2e-spec.ts'],
  ],
].map(([what, find, put, tests]) => ({
  name: `${String(what)} go on`,
  file: 'src/auth/auth.sql.ts',
  find: String(find),
  put: String(put),
  tests: tests as string[],
}));

/** What a token, a password, a code or a signature is asked for. */
export const SECRETS: readonly Mutant[] = [
  {
    name: 'a token of another type',
    file: 'src/auth/access-tokens.ts',
    find: `header['alg'] === ALGORITHM && header['typ'] === TYPE && header['crit'] === undefined`,
    put: `header['alg'] === ALGORITHM && header['crit'] === undefined`,
    tests: TOKENS,
  },
  {
    name: 'a token with a critical extension',
    file: 'src/auth/access-tokens.ts',
    find: `header['typ'] === TYPE && header['crit'] === undefined`,
    put: `header['typ'] === TYPE`,
    tests: TOKENS,
  },
  {
    name: 'a token of another issuer',
    file: 'src/auth/access-tokens.ts',
    find: '        issuer: this.config.publicUrl,\n        audience: AUDIENCE,\n        maxAge',
    put: '        audience: AUDIENCE,\n        maxAge',
    tests: TOKENS,
  },
  {
    name: 'a token for another audience',
    file: 'src/auth/access-tokens.ts',
    find: '        audience: AUDIENCE,\n        maxAge',
    put: '        maxAge',
    tests: TOKENS,
  },
  {
    name: 'a token that is older than it may be',
    file: 'src/auth/access-tokens.ts',
    find: '        maxAge: ACCESS_TOKEN_SECONDS,\n',
    put: '',
    tests: TOKENS,
  },
  {
    name: 'a token that is not issued yet',
    file: 'src/auth/access-tokens.ts',
    find: `if (typeof iat !== 'number' || iat > latest) throw new Unauthenticated();`,
    put: '',
    tests: TOKENS,
  },
  {
    name: 'a token about somebody else than its session',
    file: 'src/auth/sessions.service.ts',
    find: 'row.kind !== claims.kind || row.subject !== claims.sub',
    put: 'row.kind !== claims.kind',
    tests: TOKENS,
  },
  {
    name: 'a refresh token twice',
    file: 'src/auth/refresh-tokens.ts',
    find: 'if (row.used && !(await this.mayRepeat(em, row, successor))) return this.endStolen(em, row);',
    put: '',
    tests: TOKENS,
  },
  {
    name: 'passwords may be guessed without end',
    file: 'src/auth/sign-in.service.ts',
    find: 'blocksFrom: 5 }',
    put: 'blocksFrom: 5_000_000 }',
    tests: ['test/e2e/sign-in.e2e-spec.ts'],
  },
  {
    name: 'a code twice',
    file: 'src/auth/codes.sql.ts',
    find: 'where id = $1 and used_at is null returning id)',
    put: 'where id = $1 returning id)',
    tests: CODES,
  },
  {
    name: 'a code of any purpose, in any session',
    file: 'src/auth/codes.sql.ts',
    find: 'where id = $1 and purpose = $2 and session_id is not distinct from $3::uuid and used_at',
    put: 'where id = $1 and $2::text is not null and ($3::uuid is null or true) and used_at',
    tests: CODES,
  },
  {
    name: 'a code that is too old',
    file: 'src/auth/codes.sql.ts',
    find: 'and used_at is null and expires_at > now()\n      and tries < 5',
    put: 'and used_at is null\n      and tries < 5',
    tests: CODES,
  },
  {
    name: 'codes without a limit',
    file: 'src/auth/codes.sql.ts',
    find: `created_at > at - interval '10 minutes') < $9::int`,
    put: `created_at > at - interval '10 minutes') < 1_000 + $9::int`,
    tests: CODES,
  },
  {
    name: 'codes are counted without their lock',
    file: 'src/auth/codes.sql.ts',
    find: `'select pg_advisory_xact_lock(hashtextextended($1, 43))',`,
    put: `'select hashtextextended($1, 43)',`,
    tests: CODES,
  },
  {
    name: 'Twilio without a signature',
    file: 'src/sms/twilio-sms.gateway.ts',
    find: 'return sdk.validate(authToken, signature, this.config.publicUrl + originalUrl, { ...form });',
    put: 'return sdk !== null;',
    tests: ['test/e2e/sms-webhooks.e2e-spec.ts'],
  },
  {
    name: 'Stripe long after its signature',
    file: 'src/payments/stripe.gateway.ts',
    find: 'constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS)',
    put: 'constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS * 1_000)',
    tests: ['test/e2e/payments-rules.e2e-spec.ts'],
  },
  {
    name: 'Google without its channel’s token',
    file: 'src/calendar/google-push.service.ts',
    find: 'if (isUuid(channelId) && this.isOurs(channelId, token)) {',
    put: 'if (isUuid(channelId)) {',
    tests: ['test/e2e/calendar-sync.e2e-spec.ts'],
  },
  {
    name: 'two write one event at once',
    file: 'src/calendar/calendar.sql.ts',
    find: 'where l.claim is null or l.claimed_until < now()',
    put: 'where true',
    tests: ['test/e2e/calendar-outbound.e2e-spec.ts'],
  },
];
