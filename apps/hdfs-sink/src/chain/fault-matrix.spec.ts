import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PartitionWriter, StagingLostError } from '@pipeline/sink-runtime';
import { FakeWebHdfs, type WebHdfsFault } from '@pipeline/testing/fake-stores';
import { WebHdfsFileStore } from '../hdfs/webhdfs.file-store.ts';
import { silentLogger } from '../../testing/chain.fixture.ts';
import { noHook } from './file-publisher.ts';
import { HdfsSinkWriter } from './hdfs-partition-writer.ts';
import { assignmentAt, HALF_PAST_NINE, rangeOf } from '../../testing/records.fixture.ts';

const PATIENT_MS = 60_000;
const HASTY_MS = 400;
const owned = new AbortController().signal;

/** What a write asks of HDFS, in this order; `UPLOAD` is the DataNode's half of a `CREATE`. */
const OPERATIONS = [
  'LISTSTATUS',
  'GETXATTRS',
  'CREATE',
  'UPLOAD',
  'GETFILESTATUS',
  'SETXATTR',
  'MKDIRS',
  'RENAME',
] as const;
type Operation = (typeof OPERATIONS)[number] | 'APPEND';

/** What the runtime sees: `done`, or `retry: ` and the code because of which it tries again. */
type Outcome = string;
type Row = readonly [title: string, fault: WebHdfsFault, outcome: (operation: Operation) => Outcome];

const always = (code: string) => () => `retry: ${code}`;
const bare = (status: number, code: string): Row => [String(status), { status }, always(code)];
const exception = (javaClassName: string, code: string, status = 403): Row => [
  `${status} ${javaClassName.split('.').at(-1)}`,
  { status, javaClassName },
  always(code),
];
const READS: ReadonlySet<Operation> = new Set<Operation>(['LISTSTATUS', 'GETXATTRS']);

const ROWS: readonly Row[] = [
  bare(307, 'unexpected'),
  bare(400, 'unexpected'),
  bare(401, 'permission'),
  bare(403, 'unexpected'),
  bare(404, 'unexpected'),
  bare(409, 'unexpected'),
  bare(413, 'unexpected'),
  bare(429, 'unavailable'),
  bare(500, 'unavailable'),
  bare(502, 'unavailable'),
  bare(503, 'unavailable'),
  bare(504, 'unavailable'),
  exception('org.apache.hadoop.hdfs.server.namenode.SafeModeException', 'safe-mode'),
  exception('org.apache.hadoop.ipc.RetriableException', 'busy'),
  exception('org.apache.hadoop.ipc.StandbyException', 'standby'),
  exception('org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException', 'lease'),
  exception('org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException', 'lease'),
  exception('org.apache.hadoop.hdfs.protocol.NSQuotaExceededException', 'quota'),
  exception('org.apache.hadoop.hdfs.protocol.DSQuotaExceededException', 'quota'),
  exception('org.apache.hadoop.security.AccessControlException', 'permission'),
  exception('org.apache.hadoop.security.token.SecretManager$InvalidToken', 'permission'),
  exception('java.lang.UnsupportedOperationException', 'unsupported', 400),
  exception('java.io.IOException', 'unexpected'),
  exception('java.lang.NullPointerException', 'unavailable', 500),
  [
    '404 FileNotFoundException',
    { status: 404, javaClassName: 'java.io.FileNotFoundException' },
    // To a question it is the answer: nothing is there.
    (operation) => (READS.has(operation) ? 'done' : 'retry: not-found'),
  ],
  ['reset', 'reset', always('broken-connection')],
  ['hang', 'hang', always('timeout')],
  [
    'reply-lost',
    'reply-lost',
    // The file at the name says that the rename took effect.
    (operation) => (operation === 'RENAME' ? 'done' : 'retry: broken-connection'),
  ],
];

describe('a write to an HDFS that misbehaves', () => {
  let hdfs: FakeWebHdfs;
  let cells = 0;
  const stores: WebHdfsFileStore[] = [];

  beforeAll(async () => {
    hdfs = await FakeWebHdfs.start();
  });
  afterAll(async () => {
    for (const store of stores) store.close();
    await hdfs.stop();
  });

  function openWriter(root: string, timeoutMs: number): PartitionWriter {
    const connection = {
      urls: [hdfs.url],
      user: 'pipeline',
      requestTimeoutMs: timeoutMs,
      uploadTimeoutMs: timeoutMs,
    };
    const store = new WebHdfsFileStore(connection);
    stores.push(store);
    const options = { store, root, compression: 'none', hook: noHook, logger: silentLogger } as const;
    return new HdfsSinkWriter({ ...options, nowMs: () => HALF_PAST_NINE }).open(assignmentAt(null));
  }

  const outcomeOf = (writing: Promise<unknown>): Promise<Outcome> =>
    writing.then(
      () => 'done',
      (error: { code?: string }) => `retry: ${error.code}`,
    );

  const filesUnder = (root: string) =>
    [...hdfs.namespace.files].filter(([path]) => path.startsWith(`${root}/select-color/`));

  describe.each(ROWS)('%s', (_title, fault, expected) => {
    it.each(OPERATIONS)('of %s', async (operation) => {
      const root = `/cell-${(cells += 1)}`;
      const writer = openWriter(root, fault === 'hang' ? HASTY_MS : PATIENT_MS);
      hdfs.failAlways(operation, fault);
      const outcome = await outcomeOf(writer.write(rangeOf(0, 3), owned));
      hdfs.heal();
      expect(outcome).toBe(expected(operation));

      // The runtime tries again for ever; whatever the fault left behind, each record is stored once.
      const healed = fault === 'hang' ? openWriter(root, PATIENT_MS) : writer;
      const report = await healed.write(rangeOf(0, 3), owned);
      expect(report.written + report.duplicates).toBe(3);
      expectOneFile(root);
    });

    it('of APPEND: the growing file is given up, and read again', async () => {
      const root = `/cell-${(cells += 1)}`;
      const writer = openWriter(root, fault === 'hang' ? HASTY_MS : PATIENT_MS);
      await writer.stage!(rangeOf(0, 2), owned);
      hdfs.failAlways('APPEND', fault);
      const writing = writer.write(rangeOf(2, 3), owned);
      await expect(writing).rejects.toThrow(StagingLostError);
      expect(await outcomeOf(writing)).toBe(expected('APPEND'));
      hdfs.heal();
      await openWriter(root, PATIENT_MS).write(rangeOf(0, 3), owned);
      expectOneFile(root);
    });
  });

  function expectOneFile(root: string): void {
    const files = filesUnder(root);
    expect(files.map(([path]) => path)).toEqual([
      `${root}/select-color/dt=2026-11-22/hour=09/select-color-p0-00000000000000000000.jsonl`,
    ]);
    expect(files[0]?.[1].body.toString().split('\n')).toHaveLength(4);
  }
});
