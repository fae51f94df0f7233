import { isIP } from 'node:net';
import { ConfigurationError } from './environment.js';

const NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const BITS: Record<number, number> = { 4: 32, 6: 128 };

/**
 * The proxies whose X-Forwarded-For is believed: addresses, ranges in CIDR notation, or `loopback`, `linklocal`,
 * `uniquelocal`. Anything else, everything at once (`/0`) and an empty list throw ConfigurationError: a typing error here
 * would let every visitor choose the address they are counted under.
 */
export function trustedProxies(hops: readonly string[]): string[] {
  if (hops.length === 0 || !hops.every(isHop)) {
    throw new ConfigurationError(
      'TRUST_PROXY is not a list of addresses, ranges such as 10.0.0.0/8, loopback, linklocal or uniquelocal',
    );
  }
  return [...hops];
}

function isHop(text: string): boolean {
  if (NAMES.has(text)) return true;
  const [address = '', range, ...more] = text.split('/');
  const bits = BITS[isIP(address)];
  // An IPv4 address in IPv6 clothes means other ranges to other readers; a scope names an interface, not a hop.
  if (bits === undefined || more.length > 0 || /^::ffff:|%/i.test(address)) return false;
  return range === undefined || (/^[1-9]\d{0,2}$/.test(range) && Number(range) <= bits);
}
