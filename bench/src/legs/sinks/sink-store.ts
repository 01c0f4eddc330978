import { deleteFolder, deleteIndex, indicesOf } from '@pipeline/testing';
import { type SinkPlace } from './sink-contestant.ts';

/** What a leg has to know of the store that it measures. */
export interface SinkStore {
  /** Its servers, by their names in the stack. */
  readonly servers: readonly string[];
  /** Removes everything of the topic. */
  empty(place: SinkPlace): Promise<void>;
  /** Where a loader loads to. */
  target(place: SinkPlace): { readonly url: string; readonly target: string };
}

export const HDFS: SinkStore = {
  servers: ['namenode', 'datanode'],
  empty: ({ stack }) => deleteFolder(stack, '/pipeline'),
  target: ({ stack, folder }) => ({ url: stack.webHdfsUrl, target: folder }),
};

export const ELASTICSEARCH: SinkStore = {
  servers: ['elasticsearch'],
  async empty({ stack, topic }) {
    for (const index of await indicesOf(stack, topic)) await deleteIndex(stack, index);
  },
  target: ({ stack, index }) => ({ url: stack.elasticsearchUrl, target: index }),
};
