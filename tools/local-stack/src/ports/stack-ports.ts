import { APP_NAMES, type AppName } from '@pipeline/event-schema';

/** Ports that people use; 0 means: take a free one. */
export interface PublicPorts {
  /** Of the first broker; the others follow, one by one. */
  readonly kafka: number;
  readonly webHdfs: number;
  /** RPC of the NameNode, for `hdfs dfs -fs hdfs://127.0.0.1:8020`. */
  readonly hdfs: number;
  readonly elasticsearch: number;
  /** Of device-gateway. */
  readonly mqtt: number;
  readonly apps: Readonly<Record<AppName, number>>;
}

/** Every port of a running stack. */
export interface StackPorts {
  readonly kafka: readonly number[];
  readonly kafkaControllers: readonly number[];
  /** Of the listeners with TLS and login; none where nobody asked for them. */
  readonly kafkaSecure: readonly number[];
  readonly webHdfs: number;
  readonly hdfs: number;
  readonly dataNode: { readonly transfer: number; readonly http: number; readonly ipc: number };
  readonly elasticsearch: number;
  readonly elasticsearchTransport: number;
  readonly mqtt: number;
  readonly apps: Readonly<Record<AppName, number>>;
}

export const FREE_PORTS: PublicPorts = {
  kafka: 0,
  webHdfs: 0,
  hdfs: 0,
  elasticsearch: 0,
  mqtt: 0,
  apps: Object.fromEntries(APP_NAMES.map((app) => [app, 0])) as Record<AppName, number>,
};
