import assert from 'node:assert/strict';
import { webHdfsOperation } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const DFS_ADMIN = 'org.apache.hadoop.hdfs.tools.DFSAdmin';
const FS_SHELL = 'org.apache.hadoop.fs.FsShell';
const throughProxy = async (context: DrillContext) => ({ WEBHDFS_URL: (await context.hdfsProxy()).url });

const nameNode: Drill = {
  name: 'namenode-restarted',
  title: 'The NameNode is killed and started again; the other store goes on meanwhile.',
  async run(context) {
    const node = context.stack.server('namenode');
    context.load(500);
    await context.advance(1_000);
    node.kill('SIGKILL');
    await node.exited();
    await context.advance(1_000, ['es-sink']);
    await node.start();
    await context.advance(1_000);
  },
};

const safeMode: Drill = {
  name: 'hdfs-safe-mode',
  title: 'HDFS is put into safe mode and out of it again: hdfs-sink waits, nothing goes to the dead letters.',
  async run(context) {
    context.load(500);
    await context.advance(1_000);
    await context.stack.hadoop(DFS_ADMIN, ['-safemode', 'enter']);
    await context.advance(3_000, ['es-sink']);
    await context.stack.hadoop(DFS_ADMIN, ['-safemode', 'leave']);
    await context.advance(2_000);
  },
};

const dataNode: Drill = {
  name: 'datanode-killed-mid-upload',
  title: 'The DataNode is killed when it has half of a file, and comes back: the half is never published.',
  settings: throughProxy,
  async run(context) {
    const proxy = await context.hdfsProxy();
    const node = context.stack.server('datanode');
    const padding = 'x'.repeat(2_000);
    context.load(500, () => ({ padding }));
    for (let round = 1; round <= context.scale(2, 1); round++) {
      await context.advance(500);
      const killed = new Promise<void>((resolve) => {
        proxy.harm((request) => {
          const { operation, toDataNode } = webHdfsOperation(request);
          if (operation !== 'CREATE' || !toDataNode || request.body.length < 10_000) return undefined;
          proxy.heal();
          const meanwhile = async () => {
            node.kill('SIGKILL');
            await node.exited();
            resolve();
          };
          return { kind: 'cut-body', meanwhile };
        });
      });
      await killed;
      await node.start();
    }
    await context.advance(1_000);
    context.note(`${proxy.harmed} uploads cut in the middle`);
  },
};

const lostRename: Drill = {
  name: 'rename-answer-lost',
  title: 'The NameNode renames and its answer is lost, for every second file: each file is published once.',
  isFast: true,
  settings: throughProxy,
  async run(context) {
    const proxy = await context.hdfsProxy();
    let renames = 0;
    proxy.harm((request) =>
      webHdfsOperation(request).operation === 'RENAME' && ++renames % 2 === 1
        ? { kind: 'lose-answer' }
        : undefined,
    );
    context.load(500);
    await context.advance(context.scale(10_000, 4_000));
    proxy.heal();
    assert.ok(proxy.harmed > 0, 'no answer was lost');
    context.note(`${proxy.harmed} of ${renames} answers to RENAME lost`);
  },
};

const lostAnswers: Drill = {
  name: 'hdfs-answers-lost-at-random',
  title: 'HDFS does what it is asked, and one answer in ten is lost or never comes, whatever the operation.',
  settings: async (context) => ({
    ...(await throughProxy(context)),
    HDFS_SINK_REQUEST_TIMEOUT_MS: '1000',
    HDFS_SINK_UPLOAD_TIMEOUT_MS: '1500',
  }),
  async run(context) {
    const proxy = await context.hdfsProxy();
    const lost = new Map<string, number>();
    proxy.harm((request) => {
      if (!context.random.chance(0.1)) return undefined;
      const { operation } = webHdfsOperation(request);
      lost.set(operation, (lost.get(operation) ?? 0) + 1);
      return { kind: context.random.chance(0.7) ? 'lose-answer' : 'never-answer' };
    });
    context.load(500);
    await context.advance(10_000);
    proxy.heal();
    context.note(`lost: ${[...lost].map(([operation, times]) => `${times} × ${operation}`).join(', ')}`);
  },
};

const denied: Drill = {
  name: 'hdfs-permission-denied',
  title:
    'The folder of the pipeline is given to somebody else and back: hdfs-sink waits and counts the refusals, nothing goes to the dead letters.',
  hdfsPermissions: true,
  async settings(context) {
    await context.stack.hadoop(FS_SHELL, ['-mkdir', '/pipeline']);
    await owned(context, 'pipeline');
    return {};
  },
  async run(context) {
    const sink = context.app('hdfs-sink');
    context.load(500);
    await context.advance(1_000);
    await owned(context, 'somebody');
    await context.advance(4_000, ['es-sink']);
    const refusals = metricSum(await metricsOf(sink), 'sink_flush_retries_total');
    assert.ok(refusals > 0, 'nothing was refused');
    await owned(context, 'pipeline');
    await context.advance(2_000);
    context.note(`${refusals} refusals`);
  },
};

async function owned({ stack }: DrillContext, user: string): Promise<void> {
  await stack.hadoop(FS_SHELL, ['-chown', '-R', user, '/pipeline']);
}

export const hdfs: readonly Drill[] = [nameNode, safeMode, dataNode, lostRename, lostAnswers, denied];
