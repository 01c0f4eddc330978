import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWebHdfs } from '@pipeline/testing/fake-stores';
import { ExcludedDataNodes } from './excluded-data-nodes.ts';
import { FileStoreError } from './file-store-error.ts';
import { WebHdfsFileStore } from './webhdfs.file-store.ts';

const at = (address: string) => `http://${address}:9864/webhdfs/v1/file?op=CREATE`;
const timeout = new FileStoreError('timeout', 'CREATE was not answered in time');

describe('DataNodes that failed', () => {
  let nowMs: number;
  let excluded: ExcludedDataNodes;

  beforeEach(() => {
    nowMs = 0;
    excluded = new ExcludedDataNodes(() => nowMs);
  });

  it('are not asked for again, for a minute', async () => {
    await excluded.judge(timeout, at('10.0.0.1'));
    await excluded.judge(new FileStoreError('unavailable', 'refused'), at('10.0.0.2'));
    expect(excluded.parameter()).toEqual({ excludedatanodes: '10.0.0.1,10.0.0.2' });
    nowMs = 60_000;
    expect(excluded.parameter()).toEqual({});
  });

  it('are the only ones left out: neither a refusal nor a failure of the NameNode excludes any', async () => {
    await excluded.judge(new FileStoreError('quota', 'full'), at('10.0.0.1'));
    await excluded.judge(timeout, undefined);
    expect(excluded.parameter()).toEqual({});
  });

  it('are asked again at once when the NameNode has no other', async () => {
    await excluded.judge(timeout, at('10.0.0.1'));
    // Measured on HDFS 3.5: 403 IOException, "Failed to find datanode, suggest to check cluster health".
    await excluded.judge(new FileStoreError('unexpected', 'Failed to find datanode'), undefined);
    expect(excluded.parameter()).toEqual({});
  });
});

describe('an upload after one that failed on its DataNode', () => {
  it('names the DataNode that it does not want', async () => {
    const hdfs = await FakeWebHdfs.start();
    const timeouts = { requestTimeoutMs: 60_000, uploadTimeoutMs: 60_000 };
    const store = new WebHdfsFileStore({ urls: [hdfs.url], user: 'pipeline', ...timeouts });
    hdfs.failNext('UPLOAD', 'reset');
    await expect(store.writeNew('/one', Buffer.from('1'))).rejects.toMatchObject({
      code: 'broken-connection',
    });
    await store.writeNew('/two', Buffer.from('2'));
    expect(hdfs.excluded).toEqual([null, '127.0.0.1']);
    store.close();
    await hdfs.stop();
  });
});
