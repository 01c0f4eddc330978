import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** What is known of where a request came from. */
export interface Connection {
  readonly remoteAddress: string | undefined;
  readonly forwardedFor: string | string[] | undefined;
}

/**
 * The address of the client behind `trustedHops` proxies of ours, each of which appends to `X-Forwarded-For` whom it
 * was asked by. What stands further left a client can write itself, so it is not looked at.
 */
export function clientAddress({ remoteAddress = '', forwardedFor }: Connection, trustedHops: number): string {
  if (trustedHops === 0 || forwardedFor === undefined) return unmapped(remoteAddress);
  const hops = String(forwardedFor).split(',');
  const named = unmapped((hops[Math.max(0, hops.length - trustedHops)] ?? '').trim());
  return isIPv4(named) || isIPv6(named) ? named : unmapped(remoteAddress);
}

function unmapped(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}

/** The network of an address, as it may be stored: /24 of IPv4, /48 of IPv6. Nothing for what is no address. */
export function truncatedAddress(address: string): string | undefined {
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0`;
  const groups = ipv6Groups(address);
  return groups && `${groups.slice(0, 3).join(':')}::`;
}

/** Who is limited as one: an IPv4 address, or the /64 that a single IPv6 subscriber has to choose from. */
export function clientNetwork(address: string): string {
  const groups = isIPv4(address) ? undefined : ipv6Groups(address);
  return groups ? groups.slice(0, 4).join(':') : address;
}

/** The eight groups of an IPv6 address, each in its shortest form; its zone does not matter. */
function ipv6Groups(address: string): string[] | undefined {
  const plain = address.split('%', 1)[0] ?? '';
  if (!isIPv6(plain)) return undefined;
  const [head = '', tail = ''] = plain.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16));
}

/** A dotted tail stands for two groups. */
function groupsOf(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
