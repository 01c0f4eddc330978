import { describe, expect, it } from '@jest/globals';
import {
  finalPath,
  hourDirectory,
  hourOf,
  isStagingFileOf,
  pointerPath,
  stagingPath,
  startOffsetOf,
} from './file-name.ts';

const chain = { root: '/pipeline', topic: 'select-color', partition: 2 };
const UUID = '0b2f7c1e-8d0a-4b52-9a37-0f6d2b9f7f11';

describe('names of the chain', () => {
  it('hold topic, partition and start offset, in the folder of the UTC hour', () => {
    const hour = hourOf(Date.UTC(2026, 1, 28, 23, 59, 59, 999));
    expect(finalPath(chain, 42n, hour, 'none')).toBe(
      '/pipeline/select-color/dt=2026-02-28/hour=23/select-color-p2-00000000000000000042.jsonl',
    );
    expect(finalPath(chain, 42n, hour, 'gzip')).toMatch(/\.jsonl\.gz$/);
    expect(hourDirectory(hour + 1)).toBe('dt=2026-03-01/hour=00');
  });

  it('take the greatest offset that Kafka has, without losing a digit', () => {
    const path = finalPath(chain, 2n ** 63n - 1n, 0, 'none');
    expect(startOffsetOf(chain, path.split('/').at(-1) ?? '')).toBe(2n ** 63n - 1n);
  });

  it('are told apart from those of other partitions, topics and unfinished files', () => {
    const name = 'select-color-p2-00000000000000000042.jsonl';
    expect(startOffsetOf(chain, `${name}.gz`)).toBe(42n);
    for (const other of [
      name.replace('p2', 'p1'),
      name.replace('p2', 'p20'),
      `x-${name}`,
      `${name}.tmp`,
      '_SUCCESS',
    ]) {
      expect(startOffsetOf(chain, other)).toBeUndefined();
    }
  });

  it('of unfinished files lie outside the topic folder and are known by their topic', () => {
    const path = stagingPath(chain, 42n, UUID);
    expect(path).toBe(`/pipeline/_staging/select-color-p2-00000000000000000042-${UUID}.tmp`);
    expect(isStagingFileOf('select-color', path.split('/').at(-1) ?? '')).toBe(true);
    expect(isStagingFileOf('color', path.split('/').at(-1) ?? '')).toBe(false);
    expect(isStagingFileOf('select-color', pointerPath(chain, 42n).split('/').at(-1) ?? '')).toBe(false);
  });
});
