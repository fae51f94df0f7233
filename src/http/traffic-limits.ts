import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { RateLimited } from '../common/domain-error.js';
import type { Limit } from '../common/route.decorators.js';
import { Config } from '../config/config.js';
import { LimitStore } from './limit-store.js';
import { networkOf } from '../common/network.js';

const SECONDS = 60;
const ANONYMOUS: Limit = { name: 'default', max: 60, seconds: SECONDS };
const CUSTOMER: Limit = { name: 'default', max: 120, seconds: SECONDS };
const STAFF: Limit = { name: 'default', max: 600, seconds: SECONDS };
/** What one address may send with a token, before anybody has looked at the token; a whole salon sits behind one. */
const FLOOD: Limit = { name: 'flood', max: 6_000, seconds: SECONDS };

/** Where the headers of an answer are written. */
export interface HeaderSink {
  header(name: string, value: string): unknown;
  getHeader(name: string): unknown;
}

interface Scaled {
  max: number;
  policy: string;
}

/**
 * How many requests each caller may send: 60 a minute for an address without a token, 120 for a customer or guest, 600
 * for a member of staff. Own code, not a library: it must run before a body is read, tell the draft-standard headers,
 * and cost a few microseconds.
 */
@Injectable()
export class TrafficLimits {
  private readonly scaled = new Map<Limit, Scaled>();

  constructor(
    private readonly config: Config,
    private readonly store: LimitStore,
  ) {}

  /** Counts a request without a token; its headers show the limit. */
  async anonymous(ip: string, sink: HeaderSink): Promise<void> {
    await this.count(ANONYMOUS, networkOf(ip), sink);
  }

  /** Counts what is limited in another way later (by its actor, by a signature) against its address's ceiling alone. */
  async flood(ip: string): Promise<void> {
    await this.count(FLOOD, networkOf(ip), null);
  }

  /**
   * Counts a request of a known actor, and any request on a route with a limit of its own. That one counts visitors and
   * guests by address: a guest is whoever holds a link, and links are had by booking.
   */
  async acting(actor: Actor, own: Limit | undefined, ip: string, sink: HeaderSink): Promise<void> {
    const general = generalLimitOf(actor);
    if (general) await this.count(general, callerOf(actor, ip), sink);
    if (own) await this.count(own, actor.kind === 'guest' ? networkOf(ip) : callerOf(actor, ip), sink);
  }

  private async count(limit: Limit, caller: string, sink: HeaderSink | null): Promise<void> {
    const { max, policy } = this.scale(limit);
    const found = this.store.hit(`${limit.name}/${caller}`, max, limit.seconds * 1000, performance.now());
    const hit = found instanceof Promise ? await found : found;
    if (sink) {
      append(sink, 'ratelimit-policy', policy);
      append(sink, 'ratelimit', `"${limit.name}";r=${hit.remaining};t=${hit.resetSeconds}`);
    }
    if (!hit.fits) throw new RateLimited(hit.resetSeconds);
  }

  private scale(limit: Limit): Scaled {
    let scaled = this.scaled.get(limit);
    if (!scaled) {
      const max = Math.max(1, Math.floor(limit.max * this.config.rateLimitScale));
      scaled = { max, policy: `"${limit.name}";q=${max};w=${limit.seconds}` };
      this.scaled.set(limit, scaled);
    }
    return scaled;
  }
}

/** A route's own limit stands beside the general one that the same request has met before. */
function append(sink: HeaderSink, name: string, value: string): void {
  const before = sink.getHeader(name);
  sink.header(name, typeof before === 'string' ? `${before}, ${value}` : value);
}

function generalLimitOf(actor: Actor): Limit | null {
  if (actor.kind === 'staff') return STAFF;
  return actor.kind === 'customer' || actor.kind === 'guest' ? CUSTOMER : null;
}

function callerOf(actor: Actor, ip: string): string {
  if (actor.kind === 'staff') return actor.accountId;
  if (actor.kind === 'customer') return actor.customerId;
  return actor.kind === 'guest' ? actor.bookingId : networkOf(ip);
}
