import { describe, expect, it } from '@jest/globals';
import { clientAddress, clientNetwork, truncatedAddress } from './client-address.ts';

describe('the client’s address', () => {
  it.each<[string, number, string | string[] | undefined, string]>([
    ['without a proxy is the connection’s, whatever the client writes', 0, '203.0.113.9', '10.0.0.1'],
    ['behind one proxy is the last one written', 1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['behind two proxies is the last but one', 2, '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['is the first where there are fewer than there should be', 3, '203.0.113.9', '203.0.113.9'],
    ['is the connection’s where none is written', 1, undefined, '10.0.0.1'],
    ['is the connection’s where nonsense is written', 1, 'unknown', '10.0.0.1'],
    ['may be of version 6', 1, '2001:db8::1', '2001:db8::1'],
    ['is the IPv4 address that IPv6 carries in hex', 1, '::ffff:c633:6408', '198.51.100.8'],
    ['is the IPv4 address that IPv6 carries in full', 1, '0:0:0:0:0:FFFF:198.51.100.8', '198.51.100.8'],
    ['is not read out of other networks', 1, '64:ff9b::c633:6408', '64:ff9b::c633:6408'],
  ])('%s', (_what, hops, forwardedFor, expected) => {
    expect(clientAddress({ remoteAddress: '::ffff:10.0.0.1', forwardedFor }, hops)).toBe(expected);
  });

  it.each([
    ['203.0.113.9', '203.0.113.0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
    ['2001:0db8:0001::6', '2001:db8:1::'],
    ['::1', '0:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0::'],
    ['64:ff9b::203.0.113.9', '64:ff9b:0::'],
    ['', undefined],
    ['unix:/x', undefined],
  ])('%s is never stored whole: %s', (address, network) => {
    expect(truncatedAddress(address)).toBe(network);
  });

  it('is limited by the network that one subscriber has', () => {
    expect(clientNetwork('203.0.113.9')).toBe('203.0.113.9');
    expect(clientNetwork('2001:db8::1')).toBe(clientNetwork('2001:db8::ffff:1'));
    expect(clientNetwork('64:ff9b:0:0:1:ffff:c633:6408')).toBe('64:ff9b:0:0');
    expect(clientNetwork('2001:db8::1')).not.toBe(clientNetwork('2001:db8:0:1::1'));
  });
});
