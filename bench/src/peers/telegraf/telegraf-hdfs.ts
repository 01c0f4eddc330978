import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fetchOk } from '@pipeline/testing';
import { ConsumerProcess } from '../../legs/sinks/consumer-process.ts';
import { type ConsumingContestant } from '../../legs/sinks/sink-contestant.ts';
import { eventsInFolder } from '../../legs/sinks/stored-so-far.ts';
import { hdfsHoldsOnce } from '../../legs/sinks/stored-once.ts';
import { prepareTelegraf, runTelegraf, TELEGRAF_VERSION, tomlList } from './telegraf.ts';

export const telegrafHdfs: ConsumingContestant = {
  name: 'Telegraf remotefile, rclone hdfs',
  kind: 'peer',
  version: TELEGRAF_VERSION,
  guarantee: 'commits when the event is in a cache on its local disk; uploads later',
  prepare: prepareTelegraf,
  async start(place) {
    const { stack, topic, folder } = place;
    const user = userInfo().username;
    // Telegraf does not begin where there is no folder.
    await fetchOk(`${stack.webHdfsUrl}/webhdfs/v1${folder}?op=MKDIRS&user.name=${user}`, { method: 'PUT' });
    const cache = await mkdtemp(join(tmpdir(), 'bench-telegraf-'));
    return new ConsumerProcess({
      ...runTelegraf('hdfs.toml', {
        BROKERS: tomlList(stack.kafkaBrokers),
        TOPIC: topic,
        NAMENODE: new URL(stack.hdfsUrl).host,
        HDFS_USER: user,
        FOLDER: folder,
        // Where rclone keeps what it has not uploaded yet.
        XDG_CACHE_HOME: cache,
      }),
      stored: () => eventsInFolder(place),
      close: () => rm(cache, { recursive: true, force: true }),
    });
  },
  verify: hdfsHoldsOnce,
};
