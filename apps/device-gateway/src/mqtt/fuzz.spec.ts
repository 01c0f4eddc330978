import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DoorUnderTest } from '../../testing/door.fixture.ts';

const PACKETS = 10_000;
const PACKETS_PER_CONNECTION = 50;

const text = (value: string) => [0, value.length, ...Buffer.from(value)];
const packet = (header: number, ...body: number[]) => Buffer.from([header, body.length, ...body]);

const CONNECT = packet(0x10, ...text('MQTT'), 4, 2, 0, 60, ...text('press-7'));
const RIGHT = [
  CONNECT,
  packet(0x10, ...text('MQTT'), 4, 0x2e, 0, 1, ...text('a'), ...text('devices/a/status'), ...text('offline')),
  packet(0x10, ...text('MQTT'), 4, 0xc2, 0, 0, ...text('a'), ...text('user'), ...text('secret')),
  packet(0x10, ...text('MQIsdp'), 3, 2, 0, 60, ...text('old')),
  packet(0x30, ...text('devices/a/readings'), 0x31),
  packet(0x32, ...text('devices/a/readings'), 0, 7, 0x31),
  packet(0x3d, ...text('devices/a/readings'), 0, 8, 0x31),
  packet(0x40, 0, 7),
  packet(0x50, 0, 7),
  packet(0x62, 0, 8),
  packet(0x70, 0, 8),
  packet(0x82, 0, 9, ...text('devices/a/commands'), 1, ...text('#'), 2, ...text('$SYS/+'), 0),
  packet(0xa2, 0, 10, ...text('devices/a/commands')),
  packet(0xc0),
  packet(0xe0),
];

/** Repeats itself from run to run. */
function random(state = 20_261_130): (below: number) => number {
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A right packet with some bytes changed, cut, doubled or put in. */
function mutated(below: (limit: number) => number): Buffer {
  const bytes = [...RIGHT[below(RIGHT.length)]!];
  for (let changes = below(4); changes > 0; changes -= 1) {
    const at = below(bytes.length);
    const change = below(4);
    if (change === 0) bytes[at] = below(256);
    else if (change === 1) bytes.splice(at, below(4));
    else if (change === 2) bytes.splice(at, 0, below(256), below(256));
    else bytes[at] = bytes[at]! ^ (1 << below(8));
    if (bytes.length === 0) bytes.push(below(256));
  }
  return Buffer.from(bytes);
}

describe('the door', () => {
  let door: DoorUnderTest | undefined;
  afterEach(() => door?.close());

  it('lives through 10,000 packets of which most are wrong, and takes a right one after them', async () => {
    door = await DoorUnderTest.open();
    const below = random();
    for (let sent = 0; sent < PACKETS; sent += PACKETS_PER_CONNECTION) {
      const socket = connect(door.door.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      await once(socket, 'connect');
      if (below(4) > 0) socket.write(CONNECT);
      for (let n = 0; n < PACKETS_PER_CONNECTION; n += 1) socket.write(mutated(below));
      const closed = once(socket, 'close');
      socket.end();
      await closed;
    }
    const client = await door.connect();
    await client.publishAsync('devices/press-7/readings', '1', { qos: 1 });
    expect(door.taken.at(-1)).toMatchObject({ deviceId: 'press-7' });
  });
});
