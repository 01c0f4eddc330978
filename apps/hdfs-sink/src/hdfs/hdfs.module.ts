import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { FILE_STORE } from './file-store.ts';
import { hdfsConnection, type HdfsSettings } from './hdfs-connection.ts';
import { WebHdfsFileStore } from './webhdfs.file-store.ts';

/** The app's file store. */
@Module({})
export class HdfsModule implements OnApplicationShutdown {
  constructor(@Inject(FILE_STORE) private readonly store: WebHdfsFileStore) {}

  static forRoot(settings: HdfsSettings): DynamicModule {
    return {
      module: HdfsModule,
      providers: [{ provide: FILE_STORE, useFactory: () => new WebHdfsFileStore(hdfsConnection(settings)) }],
      exports: [FILE_STORE],
    };
  }

  /** Runs after the transport has drained: the last flush needs the store. */
  onApplicationShutdown(): void {
    this.store.close();
  }
}
