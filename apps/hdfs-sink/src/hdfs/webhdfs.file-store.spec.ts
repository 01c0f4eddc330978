import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { FakeWebHdfs, LOOPBACK_TLS } from '@pipeline/testing/fake-stores';
import { ATTRIBUTES } from '../../testing/file-attributes.fixture.ts';
import { itKeepsTheFileStoreContract } from '../../testing/file-store-contract.fixture.ts';
import { itKeepsTheJoiningContract } from '../../testing/joining-file-store-contract.fixture.ts';
import { WebHdfsFileStore } from './webhdfs.file-store.ts';

const PATIENT_MS = 20_000;
const HASTY_MS = 200;

const connect = (urls: string[], timeoutMs = PATIENT_MS) =>
  new WebHdfsFileStore({ urls, user: 'pipeline', requestTimeoutMs: timeoutMs, uploadTimeoutMs: timeoutMs });

const facts = ({ url }: FakeWebHdfs) => ({
  urls: [url],
  user: 'nobody',
  requestTimeoutMs: PATIENT_MS,
  uploadTimeoutMs: PATIENT_MS,
});

const connectSecurely = (hdfs: FakeWebHdfs, delegationToken: () => Promise<string>) =>
  new WebHdfsFileStore({ ...facts(hdfs), delegationToken, ca: LOOPBACK_TLS.cert });

describe('WebHdfsFileStore', () => {
  let hdfs: FakeWebHdfs;
  let store: WebHdfsFileStore;

  beforeEach(async () => {
    hdfs = await FakeWebHdfs.start();
    store = connect([hdfs.url]);
  });

  afterEach(async () => {
    store.close();
    await hdfs.stop();
  });

  describe('contract', () => {
    let shared: FakeWebHdfs;
    let subject: WebHdfsFileStore;

    beforeAll(async () => {
      shared = await FakeWebHdfs.start();
      subject = connect([shared.url]);
    });

    afterAll(async () => {
      subject.close();
      await shared.stop();
    });

    itKeepsTheFileStoreContract(() => ({ store: subject, root: '/test' }));
    itKeepsTheJoiningContract(() => ({ store: subject, root: '/joins' }));
  });

  it('stores exactly the bytes it was given', async () => {
    const body = randomBytes(2_500_000);
    await store.writeNew('/staging/file', body);
    expect(hdfs.namespace.files.get('/staging/file')?.body.equals(body)).toBe(true);
  });

  it.each([400, 401, 403, 404, 409, 410, 413, 429, 500, 502, 503, 504, 307])(
    'takes an upload that the DataNode answers %i for failed',
    async (status) => {
      hdfs.failNext('UPLOAD', { status });
      await expect(store.writeNew('/a', Buffer.from('1'))).rejects.toMatchObject({
        name: 'FileStoreError',
        status,
      });
    },
  );

  it('takes an upload for failed when the NameNode does not redirect it', async () => {
    hdfs.failNext('CREATE', { status: 200 });
    await expect(store.writeNew('/a', Buffer.from('1'))).rejects.toMatchObject({
      code: 'unexpected',
      status: 200,
    });
  });

  it.each([
    ['org.apache.hadoop.hdfs.server.namenode.SafeModeException', 'safe-mode'],
    ['org.apache.hadoop.ipc.RetriableException', 'busy'],
    ['org.apache.hadoop.ipc.StandbyException', 'standby'],
    ['org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException', 'lease'],
    ['org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException', 'lease'],
    ['org.apache.hadoop.hdfs.protocol.NSQuotaExceededException', 'quota'],
    ['org.apache.hadoop.hdfs.protocol.DSQuotaExceededException', 'quota'],
    ['org.apache.hadoop.security.AccessControlException', 'permission'],
    ['org.apache.hadoop.security.token.SecretManager$InvalidToken', 'permission'],
    ['java.lang.UnsupportedOperationException', 'unsupported'],
    ['java.io.IOException', 'unexpected'],
  ])('classifies a 403 by its exception: %s is %s', async (javaClassName, code) => {
    for (const operation of ['CREATE', 'UPLOAD', 'MKDIRS', 'RENAME']) {
      hdfs.failNext(operation, { status: 403, javaClassName });
      const call = ['CREATE', 'UPLOAD'].includes(operation)
        ? store.writeNew(`/${operation}`, Buffer.from('1'))
        : store.publish('/from', '/dir/to');
      await expect(call).rejects.toMatchObject({ code, javaClassName });
    }
  });

  it.each(['MKDIRS', 'RENAME'])(
    'takes a %s that answers {"boolean": false} for failed',
    async (operation) => {
      const apply = hdfs.namespace.apply.bind(hdfs.namespace);
      hdfs.namespace.apply = (asked, ...rest) =>
        asked === operation ? { status: 200, json: { boolean: false } } : apply(asked, ...rest);
      await expect(store.publish('/from', '/dir/to')).rejects.toMatchObject({ code: 'unexpected' });
    },
  );

  it.each([
    ['hang', 'timeout'],
    ['reset', 'broken-connection'],
    ['reply-lost', 'broken-connection'],
  ] as const)('ends every operation that meets a %s with %s', async (fault, code) => {
    const subject = fault === 'hang' ? connect([hdfs.url], HASTY_MS) : store;
    const operations = {
      CREATE: () => subject.writeNew('/x', Buffer.from('1')),
      UPLOAD: () => subject.writeNew('/y', Buffer.from('1')),
      GETFILESTATUS: () => subject.seal('/file', 1, ATTRIBUTES),
      SETXATTR: () => subject.seal('/file', 1, ATTRIBUTES),
      MKDIRS: () => subject.publish('/file', '/dir/to'),
      RENAME: () => subject.publish('/file', '/dir/to'),
      GETXATTRS: () => subject.describe('/file'),
      LISTSTATUS: () => subject.list('/'),
      DELETE: () => subject.remove('/other'),
    };
    await store.writeNew('/file', Buffer.from('1'));
    for (const [operation, call] of Object.entries(operations)) {
      // CREATE answers a redirect, so nothing is lost with its reply; a read is repeated once on a kept connection.
      if (fault === 'reply-lost' && operation === 'CREATE') continue;
      hdfs.failNext(operation, fault);
      if (fault !== 'hang' && ['GETFILESTATUS', 'GETXATTRS', 'LISTSTATUS'].includes(operation))
        hdfs.failNext(operation, fault);
      await expect(call()).rejects.toMatchObject({ code });
    }
    subject.close();
  });

  it.each(['CREATE', 'UPLOAD'])(
    'ends an upload in time though the %s never stops being answered',
    async (operation) => {
      const hasty = connect([hdfs.url], HASTY_MS);
      hdfs.failNext(operation, 'trickle');
      await expect(hasty.writeNew('/a', Buffer.from('1'))).rejects.toMatchObject({ code: 'timeout' });
      hasty.close();
    },
  );

  it('reads again when a kept connection turns out to be closed', async () => {
    await store.writeNew('/file', Buffer.from('1'));
    await store.describe('/file');
    hdfs.failNext('GETXATTRS', 'reset');
    expect(await store.describe('/file')).toEqual({ attributes: undefined });
  });

  it('never sends a rename twice by itself', async () => {
    await store.writeNew('/file', Buffer.from('1'));
    hdfs.failNext('RENAME', 'reply-lost');
    await expect(store.publish('/file', '/dir/to')).rejects.toMatchObject({ code: 'broken-connection' });
    expect(hdfs.calls.filter(({ operation }) => operation === 'RENAME')).toHaveLength(1);
    expect(await store.describe('/dir/to')).toBeDefined();
  });

  it('does not see attributes that are not its own', async () => {
    await store.writeNew('/file', Buffer.from('1'));
    hdfs.namespace.files.get('/file')?.attributes.set('user.pipeline', '{"endOffset":7}');
    expect(await store.describe('/file')).toEqual({ attributes: undefined });
  });

  it('says that a seal of a truncated upload failed', async () => {
    hdfs.failNext('UPLOAD', 'truncate');
    await store.writeNew('/file', Buffer.from('1234'));
    await expect(store.seal('/file', 4, ATTRIBUTES)).rejects.toMatchObject({ code: 'truncated' });
  });

  describe('with two NameNodes', () => {
    let standby: FakeWebHdfs;
    let both: WebHdfsFileStore;

    beforeEach(async () => {
      standby = await FakeWebHdfs.start();
      standby.standby = true;
      both = connect([standby.url, hdfs.url]);
    });

    afterEach(async () => {
      both.close();
      await standby.stop();
    });

    it('goes to the active one and stays there', async () => {
      await both.writeNew('/file', Buffer.from('1'));
      await both.seal('/file', 1, ATTRIBUTES);
      await both.publish('/file', '/dir/to');
      await both.writeNew('/file2', Buffer.from('1'));
      expect(standby.calls.map(({ operation }) => operation)).toEqual(['CREATE', 'GETFILESTATUS']);
      expect([...hdfs.namespace.files.keys()]).toEqual(['/dir/to', '/file2']);
    });

    it('follows a failover, also to a NameNode that nothing listened on before', async () => {
      await standby.stop();
      await both.writeNew('/file', Buffer.from('1'));
      expect(await both.describe('/file')).toBeDefined();
    });

    it('does not repeat elsewhere what may have been applied, but asks elsewhere next', async () => {
      standby.standby = false;
      standby.failNext('MKDIRS', 'reset');
      await expect(both.publish('/from', '/dir/to')).rejects.toMatchObject({ code: 'broken-connection' });
      expect(hdfs.calls).toEqual([]);
      await both.list('/');
      expect(hdfs.calls).toHaveLength(1);
    });
  });

  describe('in a cluster with Kerberos and TLS', () => {
    let secure: FakeWebHdfs;
    let subject: WebHdfsFileStore;
    let token = 'first';

    beforeAll(async () => {
      secure = await FakeWebHdfs.start('https');
      secure.delegationToken = token;
      subject = connectSecurely(secure, () => Promise.resolve(token));
    });

    afterAll(async () => {
      subject.close();
      await secure.stop();
    });

    itKeepsTheFileStoreContract(() => ({ store: subject, root: '/test' }));
    itKeepsTheJoiningContract(() => ({ store: subject, root: '/joins' }));

    it('goes on with a renewed token, and takes the old one for a missing permission', async () => {
      await subject.writeNew('/before', Buffer.from('1'));
      secure.delegationToken = 'second';
      await expect(subject.writeNew('/between', Buffer.from('1'))).rejects.toMatchObject({
        code: 'permission',
      });
      await expect(subject.describe('/before')).rejects.toMatchObject({ code: 'permission' });
      token = 'second';
      await subject.append('/before', Buffer.from('2'));
      expect(await subject.describe('/before')).toBeDefined();
    });

    it('believes no server that the authority did not sign', async () => {
      const stranger = new WebHdfsFileStore({
        ...facts(secure),
        delegationToken: () => Promise.resolve(token),
      });
      await expect(stranger.list('/')).rejects.toMatchObject({ code: 'broken-connection' });
      await expect(stranger.writeNew('/a', Buffer.from('1'))).rejects.toMatchObject({
        code: 'broken-connection',
      });
      stranger.close();
    });
  });

  it('says that nothing listens', async () => {
    await hdfs.stop();
    await expect(store.writeNew('/a', Buffer.from('1'))).rejects.toMatchObject({ code: 'unreachable' });
    await expect(store.list('/')).rejects.toMatchObject({ code: 'unreachable' });
  });
});
