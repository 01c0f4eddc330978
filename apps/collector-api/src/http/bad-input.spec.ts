import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT } from '../../testing/start-collector.fixture.ts';

const MIB = 1_048_576;

describe('bad input', () => {
  let collector: CollectorUnderTest;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start();
  });
  afterAll(() => collector.close());

  it.each(['{', '', ' ', 'hello', '[{"a":1},]', "{'a':1}", '\u0000'])(
    'answers 400 to the malformed JSON %j',
    async (body) => {
      const { status, json } = await collector.send(body);
      expect({ status, json }).toEqual({
        status: 400,
        json: { code: 'malformed-json', message: expect.any(String) },
      });
    },
  );

  it('answers 400 to a body that is not UTF-8', async () => {
    const { status, json } = await collector.send(Buffer.from([0x22, 0xff, 0x22]));
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'not-utf8' });
  });

  it('answers 400 to an array without events', async () => {
    const { status, json } = await collector.post([]);
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'no-events' });
  });

  it.each<[string, object, string, string]>([
    ['an unknown colour', { color_name: 'pink' }, 'color-unknown', 'color_name'],
    ['an empty name', { user_name: '' }, 'field-empty', 'user_name'],
    ['a blank name', { user_name: ' \t' }, 'field-empty', 'user_name'],
    ['a name of 65 characters', { user_name: 'x'.repeat(65) }, 'field-too-long', 'user_name'],
    ['a name with a control character', { user_name: 'A\u0001da' }, 'field-control-characters', 'user_name'],
    ['a name of the wrong type', { user_name: 5 }, 'field-type', 'user_name'],
    ['a colour of the wrong type', { color_name: ['red'] }, 'color-unknown', 'color_name'],
    ['a time of the wrong type', { occurred_at: 1_700_000_000 }, 'time-invalid', 'occurred_at'],
    ['an id of the wrong type', { event_id: {} }, 'uuid-invalid', 'event_id'],
    ['a reserved field', { kafka_offset: 1 }, 'field-reserved', 'kafka_offset'],
    ['no type', { event_type: undefined }, 'field-missing', 'event_type'],
  ])('rejects %s with code and path, and accepts its neighbours', async (_what, fields, code, path) => {
    const { status, json } = await collector.post([EVENT, { ...EVENT, ...fields }, EVENT]);
    expect(status).toBe(202);
    expect(json.results).toEqual([
      { event_id: expect.any(String), status: 'accepted' },
      { event_id: null, status: 'rejected', code, message: expect.any(String), path },
      { event_id: expect.any(String), status: 'accepted' },
    ]);
  });

  it('takes a command to a device, and nothing that a device itself is said to have done', async () => {
    const device = { device_id: 'press-7', command: 'stop', metric: 'speed', status: 'online' };
    const types = ['device-command', 'device-reading', 'device-status', 'device-command-result'];
    const { json } = await collector.post(types.map((event_type) => ({ ...device, event_type })));
    expect(json.results?.map(({ code, status }) => code ?? status)).toEqual([
      'accepted',
      ...Array.from({ length: 3 }, () => 'event-type-not-taken'),
    ]);
  });

  it('rejects an event whose record would not fit the topic, and accepts its neighbour', async () => {
    const { json } = await collector.post([{ ...EVENT, padding: 'x'.repeat(900_000) }, EVENT]);
    expect(json.results?.map(({ code, status }) => code ?? status)).toEqual(['event-too-large', 'accepted']);
  });

  it('answers 400 with the reasons when every event is rejected', async () => {
    const { status, json } = await collector.post([{ ...EVENT, color_name: 'pink' }, 17]);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'all-events-rejected',
      results: [
        { status: 'rejected', code: 'color-unknown', path: 'color_name' },
        { status: 'rejected', code: 'not-an-object', path: '' },
      ],
    });
  });

  it('takes 500 events and answers 413 to 501', async () => {
    const taken = await collector.post(Array.from({ length: 500 }, () => EVENT));
    expect([taken.status, taken.json.results?.length]).toEqual([202, 500]);
    const refused = await collector.post(Array.from({ length: 501 }, () => EVENT));
    expect([refused.status, refused.json.code]).toEqual([413, 'too-many-events']);
  });

  it('takes a body of 1 MiB and answers 413 to one byte more', async () => {
    const body = JSON.stringify([EVENT, EVENT]);
    const taken = await collector.send(body.padEnd(MIB));
    const refused = await collector.send(body.padEnd(MIB + 1));
    expect([taken.status, refused.status, refused.json.code]).toEqual([202, 413, 'body-too-large']);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])(
    'takes a %s body, and answers 413 to one that unpacks to more than 1 MiB',
    async (encoding, compress) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const taken = await collector.send(compress(JSON.stringify(EVENT)), headers);
      const bomb = await collector.send(compress(Buffer.alloc(4 * MIB)), headers);
      const broken = await collector.send(Buffer.from('not compressed'), headers);
      expect([taken.status, bomb.status, bomb.json.code]).toEqual([202, 413, 'body-too-large']);
      expect([broken.status, broken.json.code]).toEqual([400, 'malformed-encoding']);
      const whole = compress(JSON.stringify(Array.from({ length: 100 }, (_, n) => ({ ...EVENT, n }))));
      const cut = await collector.send(whole.subarray(0, whole.length - 20), headers);
      expect(cut.status).toBe(400);
    },
  );

  it('takes a zstd body of several frames, skippable ones among them', async () => {
    const skippable = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const [first, second] = [JSON.stringify(EVENT).slice(0, 20), JSON.stringify(EVENT).slice(20)];
    const frames = [skippable, zstdCompressSync(first), skippable, zstdCompressSync(second), skippable];
    const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' };
    const { status, json } = await collector.send(Buffer.concat(frames), headers);
    expect([status, json.results?.[0]?.status]).toEqual([202, 'accepted']);
  });

  it('counts the bytes of all frames together, and bounds their number', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' };
    const half = zstdCompressSync(Buffer.alloc(MIB / 2 + 1, ' '));
    const tooLarge = await collector.send(Buffer.concat([half, half]), headers);
    expect([tooLarge.status, tooLarge.json.code]).toEqual([413, 'body-too-large']);
    const empty = zstdCompressSync('');
    const tooMany = await collector.send(Buffer.concat(Array.from({ length: 1_000 }, () => empty)), headers);
    expect([tooMany.status, tooMany.json.code]).toEqual([400, 'malformed-encoding']);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('refuses what is behind the end of a %s body', async (encoding, compress) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const body = Buffer.concat([compress(JSON.stringify(EVENT)), Buffer.from('rubbish')]);
    const { status, json } = await collector.send(body, headers);
    expect([status, json.code]).toEqual([400, 'malformed-encoding']);
  });

  it('ignores a byte order mark before the JSON, and only there', async () => {
    const body = JSON.stringify(EVENT);
    expect((await collector.send(`\ufeff${body}`)).status).toBe(202);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await collector.send(gzipSync(`\ufeff${body}`), headers)).status).toBe(202);
    expect((await collector.send(`\ufeff\ufeff${body}`)).json.code).toBe('malformed-json');
  });

  it('refuses a zstd frame that wants more than 8 MiB of memory to be decoded', async () => {
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_compressionLevel]: 1 };
    const body = zstdCompressSync(Buffer.alloc(200 * MIB), { params });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' };
    const { status, json } = await collector.send(body, headers);
    expect([status, json.code]).toEqual([400, 'malformed-encoding']);
  });

  it.each(['zip', 'toString', 'gzip, gzip'])('answers 415 to the encoding %s', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const { status, json } = await collector.send('{}', headers);
    expect([status, json.code]).toEqual([415, 'unsupported-encoding']);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/html',
    'application/xml',
    'multipart/form-data; boundary=x',
  ])('answers 415 to a body of type %s', async (type) => {
    const { status, json } = await collector.send('a=b', { 'content-type': type });
    expect([status, json.code]).toEqual([415, 'unsupported-media-type']);
  });

  it.each(['application/json; charset=utf-8', 'text/plain', 'text/plain;charset=UTF-8'])(
    'takes a body of type %s',
    async (type) => {
      expect((await collector.send(JSON.stringify(EVENT), { 'content-type': type })).status).toBe(202);
    },
  );

  it.each([
    ['GET', '/v1/events', 405, 'method-not-allowed'],
    ['PUT', '/v1/events', 405, 'method-not-allowed'],
    ['GET', '/nowhere', 404, 'not-found'],
    ['POST', '/v2/events', 404, 'not-found'],
    ['GET', '/v1/events/%', 400, 'malformed-request'],
  ] as const)('answers %s %s with %d in its own words', async (method, url, status, code) => {
    const answer = await collector.ask({ method, url });
    expect(answer).toMatchObject({ status, json: { code, message: expect.any(String) } });
    expect(answer.text).not.toMatch(/fastify|nest|FST_|node_modules|\bat \S+:\d/i);
  });
});
