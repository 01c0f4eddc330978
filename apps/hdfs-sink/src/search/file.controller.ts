import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import {
  FILE_QUERY_TOPIC,
  type FileQuery,
  type FileReply,
  isEventTopic,
  parseInstant,
  type QueryFailure,
} from '@pipeline/event-schema';
import { LOGGER, type Logger } from '@pipeline/observability';
import { FILE_STORE, type FileStore } from '../hdfs/file-store.ts';
import { findFile } from './find-file.ts';

export const SEARCH_ROOT = Symbol('search-root');

/** Answers over Kafka which file holds a record. A failure is an answer too: thrown, it would be asked again. */
@Controller()
export class FileController {
  constructor(
    @Inject(FILE_STORE) private readonly store: FileStore,
    @Inject(SEARCH_ROOT) private readonly root: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @MessagePattern(FILE_QUERY_TOPIC, Transport.KAFKA)
  async file(@Payload() payload: unknown): Promise<FileReply | QueryFailure> {
    const query = (payload ?? {}) as Partial<FileQuery>;
    if (!isValid(query)) {
      return {
        error: { code: 'invalid-query', message: 'topic, partition, offset and receivedAt are needed' },
      };
    }
    try {
      const { topic, partition, offset, receivedAt } = query;
      const chain = { root: this.root, topic, partition };
      const sought = { chain, offset: BigInt(offset), receivedMs: parseInstant(receivedAt) };
      const path = await findFile(this.store, sought);
      return path === undefined ? {} : { path };
    } catch (error) {
      this.logger.warn({ err: error }, 'query failed');
      return { error: { code: 'unavailable', message: 'HDFS could not answer' } };
    }
  }
}

/** Only topics of ours: a question must not be able to name another folder. */
function isValid(query: Partial<FileQuery>): query is FileQuery {
  const { topic, partition, offset, receivedAt } = query;
  const isTime = typeof receivedAt === 'string' && !Number.isNaN(parseInstant(receivedAt));
  return (
    isEventTopic(topic) &&
    isTime &&
    [partition, offset].every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
  );
}
