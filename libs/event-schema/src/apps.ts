/** What listens, with its default HTTP port, in the order in which it is shown. */
export const APP_PORTS = {
  'collector-api': 3001,
  'hdfs-sink': 3002,
  'es-sink': 3003,
  'web-ui': 3000,
  audit: 3005,
} as const;

export type AppName = keyof typeof APP_PORTS;

/** Every program of the pipeline that runs until it is stopped. */
export const APP_NAMES = Object.keys(APP_PORTS) as readonly AppName[];

/** The apps that take events and give them to Kafka. */
export const INGRESS_NAMES = ['collector-api'] as const satisfies readonly AppName[];

export type IngressName = (typeof INGRESS_NAMES)[number];

/** The apps that events pass. */
export const PIPELINE_APPS = APP_NAMES.filter((app) => app !== 'audit');

/** How the settings of an app begin: `ES_SINK` for es-sink. */
export function settingPrefix(app: AppName): string {
  return app.toUpperCase().replaceAll('-', '_');
}

/** The variable that sets the HTTP port of an app: `ES_SINK_PORT`. */
export function portVariable(app: AppName): string {
  return `${settingPrefix(app)}_PORT`;
}
