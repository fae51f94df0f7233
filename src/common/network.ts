const GROUPS = 8;
const NETWORK_GROUPS = 4;
const MAPPED = '::ffff:';
const COLON = 58;

/**
 * Who an address stands for when requests are counted: an IPv4 address itself, of IPv6 the /64, which one household gets
 * whole and could otherwise walk through address by address.
 */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  if (ip.startsWith(MAPPED) && ip.includes('.')) return ip.slice(MAPPED.length);
  return `${writtenOut(ip) ?? expanded(ip)}::/64`;
}

/** The first four groups as they stand, or null when zeros among them were left out. */
function writtenOut(ip: string): string | null {
  let groups = 0;
  for (let at = 0; at < ip.length; at += 1) {
    if (ip.charCodeAt(at) !== COLON) continue;
    if (ip.charCodeAt(at + 1) === COLON && groups < NETWORK_GROUPS - 1) return null;
    groups += 1;
    if (groups === NETWORK_GROUPS) return ip.slice(0, at);
  }
  return null;
}

function expanded(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return groups.slice(0, NETWORK_GROUPS).join(':');
}
