/** The apps that make up the pipeline, in the order in which they are shown. */
export const PIPELINE_APPS = ['collector-api', 'hdfs-sink', 'es-sink', 'web-ui'] as const;
/** What of ours a stack can run: the pipeline, and the audit that follows it. */
export const APP_NAMES = [...PIPELINE_APPS, 'audit'] as const;
export type AppName = (typeof APP_NAMES)[number];

/** Ports that people use; 0 means: take a free one. */
export interface PublicPorts {
  /** Of the first broker; the others follow, one by one. */
  readonly kafka: number;
  readonly webHdfs: number;
  /** RPC of the NameNode, for `hdfs dfs -fs hdfs://127.0.0.1:8020`. */
  readonly hdfs: number;
  readonly elasticsearch: number;
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
  readonly apps: Readonly<Record<AppName, number>>;
}

export const FREE_PORTS: PublicPorts = {
  kafka: 0,
  webHdfs: 0,
  hdfs: 0,
  elasticsearch: 0,
  apps: { 'collector-api': 0, 'hdfs-sink': 0, 'es-sink': 0, 'web-ui': 0, audit: 0 },
};
