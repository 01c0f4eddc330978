/** What listens, with its default HTTP port, in the order in which it is shown. */
export const APP_PORTS = {
  'collector-api': 3001,
  'hdfs-sink': 3002,
  'es-sink': 3003,
  'web-ui': 3000,
  'device-gateway': 3004,
  audit: 3005,
} as const;

export type AppName = keyof typeof APP_PORTS;

/** Every program of the pipeline that runs until it is stopped. */
export const APP_NAMES = Object.keys(APP_PORTS) as readonly AppName[];

/** The apps that take events and give them to Kafka. */
export const INGRESS_NAMES = ['collector-api', 'device-gateway'] as const satisfies readonly AppName[];

export type IngressName = (typeof INGRESS_NAMES)[number];

/**
 * Programs that run only where their layer is asked for: `npm start -- --with devices`. With `logs` no other program runs: the apps send
 * their own log lines to the collector.
 */
export const LAYERS: Readonly<Record<string, readonly AppName[]>> = { devices: ['device-gateway'], logs: [] };

export type CoreApp = Exclude<AppName, 'device-gateway'>;

const ofLayers = Object.values(LAYERS).flat();

/** What always runs. */
export const CORE_APPS = APP_NAMES.filter((app): app is CoreApp => !ofLayers.includes(app));

/** The apps of the core that events pass. */
export const PIPELINE_APPS = CORE_APPS.filter((app) => app !== 'audit');

/** How the settings of an app begin: `ES_SINK` for es-sink. */
export function settingPrefix(app: AppName): string {
  return app.toUpperCase().replaceAll('-', '_');
}

/** The variable that sets the HTTP port of an app: `ES_SINK_PORT`. */
export function portVariable(app: AppName): string {
  return `${settingPrefix(app)}_PORT`;
}

/** The sinks. Each is an app whose consumer group has its name, and which writes one store. */
export const SINKS = [
  { name: 'hdfs-sink', store: 'HDFS' },
  { name: 'es-sink', store: 'Elasticsearch' },
] as const;

export type SinkName = (typeof SINKS)[number]['name'];

/** Also the names of their consumer groups. */
export const SINK_NAMES: readonly SinkName[] = SINKS.map(({ name }) => name);

/** Something of each sink. */
export function ofEachSink<Value>(make: (sink: SinkName) => Value): Record<SinkName, Value> {
  return Object.fromEntries(SINK_NAMES.map((sink) => [sink, make(sink)])) as Record<SinkName, Value>;
}
