import { isIPv4, isIPv6 } from 'node:net';

/** What is known of where a request came from. */
export interface Connection {
  readonly remoteAddress: string | undefined;
  readonly forwardedFor: string | string[] | undefined;
}

/**
 * The address of the client behind `trustedHops` proxies of ours, each of which appends to `X-Forwarded-For` the address
 * that asked it. What stands further left a client can write itself, so it is not looked at. An IPv4 address in IPv6
 * clothes (`::ffff:198.51.100.8`, `::ffff:c633:6408`) is the IPv4 address.
 */
export function clientAddress({ remoteAddress = '', forwardedFor }: Connection, trustedHops: number): string {
  if (trustedHops === 0 || forwardedFor === undefined) return unmapped(remoteAddress);
  const hops = String(forwardedFor).split(',');
  const named = unmapped((hops[Math.max(0, hops.length - trustedHops)] ?? '').trim());
  return isIPv4(named) || isIPv6(named) ? named : unmapped(remoteAddress);
}

/** The network of an address, as it may be stored: /24 of IPv4, /48 of IPv6. @returns undefined for what is no address. */
export function truncatedAddress(address: string): string | undefined {
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0`;
  const groups = ipv6Groups(address);
  return groups && `${groups.slice(0, 3).map(hex).join(':')}::`;
}

/** What is limited as one client: an IPv4 address, or the /64 that a single IPv6 subscriber has to choose from. */
export function clientNetwork(address: string): string {
  const groups = isIPv4(address) ? undefined : ipv6Groups(address);
  return groups ? groups.slice(0, 4).map(hex).join(':') : address;
}

function unmapped(address: string): string {
  if (isIPv4(address)) return address;
  const groups = ipv6Groups(address);
  if (groups?.[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return address;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address; its zone does not matter. */
function ipv6Groups(address: string): number[] | undefined {
  const plain = address.split('%', 1)[0] ?? '';
  if (!isIPv6(plain)) return undefined;
  const [head = '', tail = ''] = plain.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

/** A dotted tail stands for two groups. */
function groupsOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function hex(group: number): string {
  return group.toString(16);
}
