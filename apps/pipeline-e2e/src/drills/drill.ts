import { type AppName, type TopicDefinition, TOPICS } from '@pipeline/event-schema';
import { type DrillContext } from './run/drill-context.ts';

export type Settings = Readonly<Record<string, string>>;
export type ChangedTopic = (topic: TopicDefinition) => TopicDefinition;

/**
 * One failure, done to a real pipeline under load. Whatever it does, at its end both stores must hold every
 * acknowledged event exactly once; the runner waits, audits and judges that after every drill.
 */
export interface Drill {
  /** Kebab-case, names the failure. */
  readonly name: string;
  /** One sentence in the present tense: what happens, and what holds beside "nothing lost, nothing twice". */
  readonly title: string;
  /** Started before the drill; default: both sinks. */
  readonly apps?: readonly AppName[];
  /** Default 1. */
  readonly brokers?: 1 | 3;
  /**
   * Three brokers on addresses of their own, in network namespaces, each record on all of them and acknowledged by two;
   * the drill runs beside them, where `bench/cluster-network.ts` can cut them off. Needs Linux and root.
   */
  readonly isApart?: true;
  /** The apps may log in at listeners with TLS: `stack.secureKafka`. */
  readonly secureKafka?: true;
  /** Lines of `server.properties` that differ from those of the local stack. */
  readonly brokerSettings?: Settings;
  /** HDFS checks permissions, and the drill gives hdfs-sink what it needs. */
  readonly hdfsPermissions?: true;
  /** Belongs to the subset that runs with every `npm test`. */
  readonly isFast?: true;
  /** Measures with a million records and breaks nothing: `--subset scaling`. */
  readonly isScaling?: true;
  /** Needs a second cluster and MirrorMaker: `--subset mirroring`. */
  readonly isMirroring?: true;
  /** Of all apps of the drill, beside {@link DRILL_SETTINGS}; a function where they are known only on a running stack. */
  readonly settings?: Settings | ((context: DrillContext) => Promise<Settings>);
  /** The topics that the drill needs, made from those of the product. */
  readonly topics?: ChangedTopic;
  /**
   * Loads, breaks, repairs. Returns when the pipeline is whole again; lag may be left.
   * @throws AssertionError when something that the title promises does not hold.
   */
  run(context: DrillContext): Promise<void>;
}

/** Shorter than in production, so that a failure is noticed within a drill, and still long enough for a busy machine. */
export const DRILL_SETTINGS: Settings = {
  HDFS_SINK_FLUSH_MAX_AGE_MS: '1000',
  HDFS_SINK_SESSION_TIMEOUT_MS: '15000',
  HDFS_SINK_PROBE_INTERVAL_MS: '1000',
  ES_SINK_PROBE_INTERVAL_MS: '1000',
  // Many small requests: more of them for a fault to hit, and none that takes long.
  ES_SINK_BULK_MAX_BYTES: '300000',
  // Events that were refused for time may be stored all the same, and would only blur the counts.
  PUBLISH_TIMEOUT_MS: '5000',
};

/** For drills that kill again and again, or wait for the end of a session: a dead member holds its partitions for so long. */
export const SHORT_SESSIONS: Settings = {
  HDFS_SINK_SESSION_TIMEOUT_MS: '6000',
  HDFS_SINK_UPLOAD_TIMEOUT_MS: '5500',
  ES_SINK_SESSION_TIMEOUT_MS: '10000',
  ES_SINK_BULK_TIMEOUT_MS: '9500',
};

/** Times of the test's making take the place of the broker's clock, in the event topic. */
export const withTimesOfTheProducer: ChangedTopic = (topic) =>
  topic.name === TOPICS.selectColor.name
    ? { ...topic, config: { ...topic.config, 'message.timestamp.type': 'CreateTime' } }
    : topic;
