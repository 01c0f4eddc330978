import { type SinkApp } from '@pipeline/sink-runtime';
import { hdfsSinkSettings } from './hdfs-sink.config.ts';
import { FILE_STORE, type FileStore } from './hdfs/file-store.ts';
import { HdfsModule } from './hdfs/hdfs.module.ts';
import { FileController, SEARCH_ROOT } from './search/file.controller.ts';
import { HdfsSinkWriter } from './chain/hdfs-partition-writer.ts';
import { ChainModule } from './chain/chain.module.ts';

/** A restart of a NameNode's web server, or one slow answer, does not make the app unready. */
const TOLERATED_INTERVALS = 3;

/** Events from Kafka into files of HDFS, and which file holds a record. */
export const hdfsSink: SinkApp<typeof hdfsSinkSettings.shape> = {
  name: 'hdfs-sink',
  settings: hdfsSinkSettings,
  parts: (config) => {
    const hdfs = HdfsModule.forRoot(config);
    return {
      imports: [hdfs, ChainModule.forRoot(config, hdfs)],
      writer: HdfsSinkWriter,
      probe: {
        toleranceMs: TOLERATED_INTERVALS * config.probeIntervalMs,
        inject: [FILE_STORE],
        useFactory: (store: FileStore) => () => store.describe(config.root),
      },
      queries: {
        controllers: [FileController],
        providers: [{ provide: SEARCH_ROOT, useValue: config.root }],
      },
    };
  },
};
