import { type CollectorContestant } from '../legs/collector/collector-contestant.ts';
import { type SinkContestant } from '../legs/sinks/sink-contestant.ts';

/** Products of others that do the same as a part of ours; each leg measures its own beside ours. */
export const PEERS: {
  readonly collector: readonly CollectorContestant[];
  readonly hdfs: readonly SinkContestant[];
  readonly es: readonly SinkContestant[];
} = { collector: [], hdfs: [], es: [] };
