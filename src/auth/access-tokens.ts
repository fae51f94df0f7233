import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../common/clock.js';
import { Unauthenticated } from '../common/domain-error.js';
import { isUuid } from '../common/ids.js';
import { Config } from '../config/config.js';
import { SESSION_KINDS } from './entities/session.entity.js';
import { SigningKeys, type SigningKey } from './signing-keys.js';

/** How long an access token is good for, in seconds; the session behind it may end sooner and then ends it too. */
export const ACCESS_TOKEN_SECONDS = 600;

const ALGORITHM = 'ES256';
const TYPE = 'at+jwt';
const AUDIENCE = 'lawrei';
const LONGEST_TOKEN = 2_000;
/** How far the clocks of two nodes may be apart. */
const LEEWAY_SECONDS = 30;

/** All a token says: whose session it is. What they may do is read from the rows on each request. */
export interface Claims {
  readonly kind: (typeof SESSION_KINDS)[number];
  /** The account, the customer or, for a guest, the booking. */
  readonly sub: string;
  readonly sid: string;
}

/** Signs and checks access tokens (RFC 9068 shape, ES256). */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async mint({ kind, sub, sid }: Claims): Promise<string> {
    const { kid, privateKey } = this.keys.current;
    return this.jwt.signAsync(
      { kind, sub, sid, iat: this.seconds() },
      {
        privateKey: privateKey as never, // the declaration names texts only; a key object is accepted and not parsed again
        algorithm: ALGORITHM,
        keyid: kid,
        header: { alg: ALGORITHM, typ: TYPE },
        issuer: this.config.publicUrl,
        audience: AUDIENCE,
        expiresIn: ACCESS_TOKEN_SECONDS,
      },
    );
  }

  /** What a token says once everything about it was checked; any flaw is the same `Unauthenticated`. */
  async verify(token: string): Promise<Claims> {
    const key = this.keyOf(token);
    try {
      const claims = await this.jwt.verifyAsync<Record<string, unknown>>(token, {
        publicKey: key.publicKey as never, // as above
        algorithms: [ALGORITHM],
        issuer: this.config.publicUrl,
        audience: AUDIENCE,
        maxAge: ACCESS_TOKEN_SECONDS,
        clockTimestamp: this.seconds(),
      });
      return claimsOf(claims, this.seconds() + LEEWAY_SECONDS);
    } catch {
      throw new Unauthenticated();
    }
  }

  /** Only the header's `kid` chooses the key, out of our own; keys and addresses inside a token are not looked at. */
  private keyOf(token: string): SigningKey {
    const header = token.length <= LONGEST_TOKEN ? headerOf(token) : {};
    const isOurs = header['alg'] === ALGORITHM && header['typ'] === TYPE && header['crit'] === undefined;
    const key = isOurs && typeof header['kid'] === 'string' ? this.keys.find(header['kid']) : undefined;
    if (!key) throw new Unauthenticated();
    return key;
  }

  private seconds(): number {
    return Math.floor(this.clock.realNow().getTime() / 1000);
  }
}

function headerOf(token: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'),
    );
    return typeof header === 'object' && header !== null ? { ...header } : {};
  } catch {
    return {};
  }
}

/** The library looks at the age of a token, but not whether it was issued yet. */
function claimsOf({ kind, sub, sid, iat, exp }: Record<string, unknown>, latest: number): Claims {
  const known = SESSION_KINDS.find((candidate) => candidate === kind);
  if (!known || !isUuid(sub) || !isUuid(sid) || typeof exp !== 'number') throw new Unauthenticated();
  if (typeof iat !== 'number' || iat > latest) throw new Unauthenticated();
  return { kind: known, sub, sid };
}
