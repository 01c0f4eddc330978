import { type FileAttributes } from '../src/hdfs/file-attributes.ts';

/** Of a file whose content does not matter. */
export const ATTRIBUTES: FileAttributes = {
  endOffset: 9n,
  records: 1,
  firstRecord: 'f',
  maxTimestampMs: 1,
  owner: 'o',
};
