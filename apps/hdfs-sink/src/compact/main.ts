import 'reflect-metadata';
import { loadOrExit } from '@pipeline/config';
import { GROUPS } from '@pipeline/event-schema';
import { kafkaConnection, OffsetReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { hdfsSinkSettings } from '../hdfs-sink.config.ts';
import { hdfsConnection } from '../hdfs/hdfs-connection.ts';
import { WebHdfsFileStore } from '../hdfs/webhdfs.file-store.ts';
import { Compaction } from './compaction.ts';
import { compactArguments, type CompactArguments, USAGE, UsageError } from './options.ts';

/** Something was left as it is because of an error. */
const INCOMPLETE = 1;
/** Nothing was done: wrong arguments, another compaction at work, or a server that is away. */
const NOT_DONE = 2;

async function run({ topics, options }: CompactArguments): Promise<void> {
  const config = loadOrExit(hdfsSinkSettings);
  const logger = createLogger('hdfs-sink-compaction', config.logLevel);
  const store = new WebHdfsFileStore(hdfsConnection(config));
  const offsets = new OffsetReader(kafkaConnection(config, 'hdfs-sink-compaction'), logger);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  try {
    const committed = await offsets.committed(GROUPS.hdfsSink, topics);
    const compaction = new Compaction(store, logger, {
      root: config.root,
      stopping: stop.signal,
      ...options,
    });
    const report = await compaction.run(committed);
    logger.info({ ...report }, options.dryRun ? 'dry run ended' : 'compaction ended');
    if (report.failed > 0 || stop.signal.aborted) process.exitCode = INCOMPLETE;
  } catch (error) {
    logger.error({ err: error }, 'compaction not done');
    process.exitCode = NOT_DONE;
  } finally {
    await offsets.close();
    store.close();
  }
}

try {
  const given = compactArguments(process.argv.slice(2));
  if (given) await run(given);
  else process.stdout.write(`${USAGE}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = NOT_DONE;
}
