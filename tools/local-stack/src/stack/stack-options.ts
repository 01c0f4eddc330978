import { type AppName } from '@pipeline/event-schema';
import { type AppEnvironment } from '../apps/app-definitions.ts';
import { type DownloadProgress } from '../jars/jar-cache.ts';
import { type PublicPorts } from '../ports/stack-ports.ts';
import { type BrokerHost } from '../servers/broker-host.ts';
import { type PartObserver } from './part.ts';

/** A group of servers that belong together. */
export const SERVER_GROUPS = ['kafka', 'hdfs', 'elasticsearch'] as const;
export type ServerGroup = (typeof SERVER_GROUPS)[number];

export interface StackOptions {
  /** Where state and logs are kept; without it a new folder that `stop()` removes. */
  readonly stateFolder?: string;
  /** Default: all free ones. */
  readonly ports?: PublicPorts;
  /** Default 1. */
  readonly brokerCount?: number;
  /** Where the brokers live, one entry for each; default: all on loopback. */
  readonly brokerHosts?: readonly BrokerHost[];
  /** Lines of `server.properties` that win over the stack's, for all brokers. */
  readonly brokerSettings?: Readonly<Record<string, string>>;
  /** Whether the brokers also listen with TLS and SCRAM login; see `LocalStack.secureKafka`. Default no. */
  readonly secureKafka?: boolean;
  /** Whether HDFS checks permissions: then `/pipeline` has to be given to the user of hdfs-sink. Default no. */
  readonly hdfsPermissions?: boolean;
  /** Whether the stack ends within minutes: its servers then compile quickly instead of well. Default no. */
  readonly isShortLived?: boolean;
  /** Which servers run; default all. */
  readonly servers?: readonly ServerGroup[];
  /** The apps that will follow: their ports are checked as well, before anything starts. */
  readonly apps?: readonly AppName[];
  /** What the apps inherit; it wins over what the stack sets. Default: what every program needs, and no settings. */
  readonly appEnvironment?: AppEnvironment;
  /** Whether collector-api keeps a spool beside the state of the servers; default no. */
  readonly spools?: boolean;
  /** Whether the apps send their own log lines to the collector; default no. */
  readonly shipsLogs?: boolean;
  readonly observer?: Partial<PartObserver>;
  readonly progress?: DownloadProgress;
}
