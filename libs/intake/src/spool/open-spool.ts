import { BatchSealer, createBatchSender, kafkaConnection, publisherOptions } from '@pipeline/kafka-transport';
import { settingPrefix } from '@pipeline/event-schema';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { type IntakeOptions } from '../intake-settings.ts';
import { NodeSpoolFolder } from './node.spool-folder.ts';
import { SpoolDrain } from './spool-drain.ts';
import { lockSpool } from './spool-lock.ts';
import { type SpoolLog } from './spool-log.ts';
import { checkSpoolRoom } from './spool-room.ts';
import { Spool } from './spool.ts';

/** Eight to sixteen produce requests. */
const SEGMENT_BYTES = 4 << 20;
const DRAIN_TIMEOUT_MS = 5_000;

/** The spool in the folder of the settings, which belongs to this process from now on. @throws SpoolError (as rejection) */
export async function openSpool(options: IntakeOptions, metrics: IntakeMetrics): Promise<Spool> {
  const { app, topics, logger } = options;
  const { spoolDir, spoolMaxBytes: maxBytes } = options.config;
  const unlock = await lockSpool(spoolDir);
  const setting = `${settingPrefix(app)}_SPOOL_MAX_BYTES`;
  await checkSpoolRoom(spoolDir, { setting, maxBytes, topics: topics.length, logger });
  return Spool.open({
    folder: new NodeSpoolFolder(spoolDir),
    topics,
    maxBytes,
    segmentBytes: SEGMENT_BYTES,
    createDrain: (log, topic) => createDrain(options, metrics, { log, topic }),
    unlock,
    logger,
    metrics,
  });
}

/** With separate connections: what holds up one topic's spool holds up no other. */
function createDrain(
  { app, config, logger }: IntakeOptions,
  metrics: IntakeMetrics,
  { log, topic }: { readonly log: SpoolLog; readonly topic: string },
): SpoolDrain {
  const { acks, compression, idempotent, maxBatchBytes } = publisherOptions(config);
  const sender = createBatchSender(kafkaConnection(config, `${app}-spool.${topic}`), acks, logger);
  const sealer = new BatchSealer(sender, { compression, idempotent: acks === 'all' && idempotent !== false });
  return new SpoolDrain({
    spool: log,
    sender,
    sealer,
    batchBytes: maxBatchBytes,
    timeoutMs: DRAIN_TIMEOUT_MS,
    logger,
    metrics,
    topic,
  });
}
