import { millionAudited } from './cases/audit.drills.ts';
import { breaker } from './cases/breaker.drills.ts';
import { brokerDisk } from './cases/broker-disk.drills.ts';
import { brokers } from './cases/brokers.drills.ts';
import { bulkheads } from './cases/bulkheads.drills.ts';
import { collectors } from './cases/collectors.drills.ts';
import { compaction } from './cases/compaction.drills.ts';
import { cutOffs } from './cases/cut-off.drills.ts';
import { deadLetters } from './cases/dead-letters.drills.ts';
import { elasticsearch } from './cases/elasticsearch.drills.ts';
import { groupMembers } from './cases/group-members.drills.ts';
import { hdfsSinkCrashes } from './cases/hdfs-sink-crashes.drills.ts';
import { hdfs } from './cases/hdfs.drills.ts';
import { inflation } from './cases/inflation.drills.ts';
import { lagRecoveries } from './cases/lag-recovery.drills.ts';
import { memory } from './cases/memory.drills.ts';
import { mirroring } from './cases/mirroring.drills.ts';
import { offsets } from './cases/offsets.drills.ts';
import { outages } from './cases/outages.drills.ts';
import { permissions } from './cases/permissions.drills.ts';
import { poison } from './cases/poison.drills.ts';
import { powerCut } from './cases/power-cut.drills.ts';
import { replicas } from './cases/replicas.drills.ts';
import { sinksKilled } from './cases/sinks-killed.drills.ts';
import { spoolDisk } from './cases/spool-disk.drills.ts';
import { tables } from './cases/tables.drills.ts';
import { times } from './cases/times.drills.ts';
import { topic } from './cases/topic.drills.ts';
import { topicTroubles } from './cases/topic-troubles.drills.ts';
import { type Drill } from './drill.ts';

/** All drills, in the order in which they run. */
export const CATALOGUE: readonly Drill[] = [
  sinksKilled,
  ...hdfsSinkCrashes,
  ...groupMembers,
  ...replicas,
  ...offsets,
  ...hdfs,
  ...compaction,
  ...elasticsearch,
  tables,
  ...poison,
  ...deadLetters,
  ...breaker,
  ...times,
  ...topic,
  ...collectors,
  ...bulkheads,
  ...spoolDisk,
  ...memory,
  ...inflation,
  ...lagRecoveries,
  millionAudited,
  ...mirroring,
  ...outages,
  powerCut,
  ...topicTroubles,
  ...permissions,
  ...brokerDisk,
  ...brokers,
  ...cutOffs,
];

/** What breaks a pipeline: the run without a name. */
export const FAULTS: readonly Drill[] = CATALOGUE.filter(
  ({ isScaling, isMirroring }) => !isScaling && !isMirroring,
);

/** What measures how replicas catch up and how fast an audit is, a million records at a time. */
export const SCALING: readonly Drill[] = CATALOGUE.filter(({ isScaling }) => isScaling);

/** What needs a second cluster. */
export const MIRRORING: readonly Drill[] = CATALOGUE.filter(({ isMirroring }) => isMirroring);

export const FAST: readonly Drill[] = CATALOGUE.filter(({ isFast }) => isFast);

/** The drills of these names, in the order of the catalogue. @throws an error that names what there is not. */
export function drillsNamed(names: readonly string[]): Drill[] {
  const unknown = names.filter((name) => !CATALOGUE.some((drill) => drill.name === name));
  if (unknown.length > 0) throw new Error(`no drill is called ${unknown.join(', ')}; see --list`);
  return CATALOGUE.filter(({ name }) => names.includes(name));
}
