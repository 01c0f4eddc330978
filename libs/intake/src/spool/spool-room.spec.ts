import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createLogger } from '@pipeline/observability';
import { describe, expect, it } from '@jest/globals';
import { checkSpoolRoom } from './spool-room.ts';

const check = (maxBytes: number) =>
  checkSpoolRoom(tmpdir(), {
    setting: 'COLLECTOR_API_SPOOL_MAX_BYTES',
    maxBytes,
    topics: 2,
    logger: createLogger('spec', 'silent'),
  });

describe('the room of a spool', () => {
  it('is enough on a volume that is larger', async () => {
    await check(1_048_576);
  });

  it('is too little on a volume of just that size, and the message names setting, volume and what would fit', async () => {
    const { bsize, blocks } = await statfs(tmpdir());
    const error: unknown = await check(bsize * blocks).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'spool-too-large', message: expect.stringContaining(tmpdir()) });
    const [, fitting] = /COLLECTOR_API_SPOOL_MAX_BYTES is \d+.*set at most (\d+)/.exec(String(error)) ?? [];
    await check(Number(fitting));
  });
});
