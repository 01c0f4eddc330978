import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import { AssignmentLoader } from './assignment-loader.ts';
import { MemoryKafka } from '@pipeline/kafka-driver/testing';
import { OffsetCommitter } from './offset-committer.ts';

const logger = createLogger('spec', 'silent');
const PARTITION = { topic: 'clicks', partition: 0 };

async function commit(kafka: MemoryKafka, memo?: string): Promise<void> {
  const committer = new OffsetCommitter(kafka.consumer(), logger);
  committer.commit({ ...PARTITION, offset: 1n, memo, revoked: new AbortController().signal });
  await committer.settled();
}

async function read(kafka: MemoryKafka) {
  kafka.append('clicks', 0, ['a', 'b']);
  const loader = new AssignmentLoader(kafka.offsets, { groupId: 'spec', fromBeginning: true, logger });
  const [start] = await loader.load([PARTITION], new AbortController().signal);
  return { memo: start?.memo.text, ours: start?.committedByPipeline };
}

describe('the memo of a commit', () => {
  it.each(['', 'dlq=3/100', 'two words'])(
    'comes back to the next owner of the partition: %j',
    async (memo) => {
      const kafka = new MemoryKafka();
      await commit(kafka, memo);
      expect(await read(kafka)).toEqual({ memo, ours: true });
    },
  );

  it('is empty after a commit of an operator', async () => {
    const kafka = new MemoryKafka();
    kafka.setCommitted('clicks', 0, 1, 'by hand dlq=3/100');
    expect(await read(kafka)).toEqual({ memo: '', ours: false });
  });

  it('is empty without a commit', async () => {
    expect(await read(new MemoryKafka())).toEqual({ memo: '', ours: false });
  });
});
