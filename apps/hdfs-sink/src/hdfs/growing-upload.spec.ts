import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@pipeline/testing';
import { FakeWebHdfs } from '@pipeline/testing/fake-stores';
import { ATTRIBUTES } from '../../testing/file-attributes.fixture.ts';
import { WebHdfsFileStore } from './webhdfs.file-store.ts';

const PATIENT_MS = 20_000;
const HASTY_MS = 200;

const connect = (hdfs: FakeWebHdfs | FakeWebHdfs[], timeoutMs: number) =>
  new WebHdfsFileStore({
    urls: [hdfs].flat().map(({ url }) => url),
    user: 'pipeline',
    requestTimeoutMs: timeoutMs,
    uploadTimeoutMs: timeoutMs,
  });

describe('a file that grows in HDFS', () => {
  const piece = Buffer.alloc(3_000_000, 'x');
  const uploads = () => hdfs.calls.filter(({ operation }) => operation === 'UPLOAD').length;

  let hdfs: FakeWebHdfs;
  let store: WebHdfsFileStore;

  beforeEach(async () => {
    hdfs = await FakeWebHdfs.start();
    store = connect(hdfs, PATIENT_MS);
    await store.writeNew('/file', Buffer.from('1'));
  });

  afterEach(async () => {
    store.close();
    await hdfs.stop();
  });

  it('takes all its pieces in one upload, which the seal ends', async () => {
    for (let i = 0; i < 5; i += 1) await store.grow('/file', piece);
    await store.seal('/file', 1 + 5 * piece.length, ATTRIBUTES);
    expect(uploads()).toBe(2);
  });

  it('grows on after an upload that ended because it was quiet', async () => {
    const hasty = connect(hdfs, 10 * HASTY_MS);
    await hasty.grow('/file', piece);
    await eventually(() =>
      Promise.resolve(expect(hdfs.namespace.files.get('/file')?.body).toHaveLength(1 + piece.length)),
    );
    await hasty.grow('/file', piece);
    await hasty.seal('/file', 1 + 2 * piece.length, ATTRIBUTES);
    expect(uploads()).toBe(3);
    hasty.close();
  });

  it.each([
    ['reset', 'broken-connection'],
    ['reply-lost', 'broken-connection'],
    ['hang', 'timeout'],
    ['trickle', 'timeout'],
  ] as const)('is never sealed after an upload that met a %s', async (fault, code) => {
    const hasty = connect(hdfs, HASTY_MS);
    hdfs.failNext('UPLOAD', fault);
    const grown = async () => {
      await hasty.grow('/file', piece);
      await hasty.seal('/file', 1 + piece.length, ATTRIBUTES);
    };
    await expect(grown()).rejects.toMatchObject({ code });
    await expect(hasty.grow('/file', piece)).rejects.toMatchObject({ code });
    await expect(hasty.seal('/file', 1 + piece.length, ATTRIBUTES)).rejects.toMatchObject({ code });
    hasty.close();
  });

  it('is sent whole to the next NameNode when the first one is on standby', async () => {
    const standby = await FakeWebHdfs.start();
    standby.standby = true;
    const both = connect([standby, hdfs], PATIENT_MS);
    await both.grow('/file', piece);
    await both.seal('/file', 1 + piece.length, ATTRIBUTES);
    expect(standby.calls.map(({ operation }) => operation)).toEqual(['APPEND', 'GETFILESTATUS']);
    both.close();
    await standby.stop();
  });

  it('can be removed while its upload is under way', async () => {
    await store.grow('/file', piece);
    await store.remove('/file');
    expect(await store.describe('/file')).toBeUndefined();
  });
});
