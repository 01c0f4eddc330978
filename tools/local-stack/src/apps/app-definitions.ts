import { type AppName, portVariable } from '@pipeline/event-schema';
import { defineSettings, environment } from '@pipeline/config';
import { listenHost, type ListenAddress, localUrl } from '@pipeline/observability';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile, WORKSPACE } from '../project-paths.ts';
import { type StackPorts } from '../ports/stack-ports.ts';
import { StackError } from '../stack-error.ts';
import { type PartDefinition } from '../stack/part-definition.ts';

export type AppEnvironment = Readonly<Record<string, string | undefined>>;

/** What every program needs of the environment. Settings of whoever runs a test must not change what it tests. */
export function bareEnvironment(): AppEnvironment {
  const { PATH, HOME, TMPDIR, TZ } = environment();
  return { PATH, HOME, TMPDIR, TZ };
}

/** Longer than SHUTDOWN_GRACE_MS of the apps: they end by themselves first. */
const STOP_GRACE_MS = 27_000;

export interface AppRun {
  readonly app: AppName;
  /** Names the run where an app has several replicas. */
  readonly name: string;
  readonly port: number;
  readonly environment: AppEnvironment;
}

/** Where an app listens that runs with this environment. */
function listenAddress(port: number, settings: AppEnvironment): ListenAddress {
  return { port, ...defineSettings({ listenHost }).load(settings) };
}

/** The address of an app as people type it. */
export function appUrl(port: number, settings: AppEnvironment): string {
  return localUrl(listenAddress(port, settings)).replace('//127.0.0.1:', '//localhost:');
}

export interface PipelineSettings {
  readonly ports: StackPorts;
  /** host:port of each. */
  readonly kafkaBrokers: readonly string[];
  /** Where collector-api keeps events while Kafka is away, and beside it device-gateway; without it they are refused. */
  readonly spoolDir?: string | undefined;
  /** Whether the apps send their own log lines to the collector. */
  readonly shipsLogs?: boolean;
  /** What is set already: it wins over whatever the stack would set. */
  readonly given: AppEnvironment;
}

/** Settings that all apps get from the stack: addresses, and rotation that shows a click within seconds. */
export function pipelineEnvironment({
  ports,
  kafkaBrokers,
  spoolDir,
  shipsLogs = false,
  given,
}: PipelineSettings): Record<string, string> {
  const collector = appUrl(ports.apps['collector-api'], given);
  const own = {
    KAFKA_BROKERS: kafkaBrokers.join(','),
    WEBHDFS_URL: `http://127.0.0.1:${ports.webHdfs}`,
    ELASTICSEARCH_NODE: `http://127.0.0.1:${ports.elasticsearch}`,
    COLLECTOR_PUBLIC_URL: collector,
    HDFS_SINK_FLUSH_MAX_AGE_MS: '5000',
    MQTT_PORT: String(ports.mqtt),
    ...(shipsLogs ? { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector}/v1/logs` } : {}),
    ...(spoolDir === undefined
      ? {}
      : { COLLECTOR_API_SPOOL_DIR: spoolDir, DEVICE_GATEWAY_SPOOL_DIR: `${spoolDir}-devices` }),
  };
  // An empty setting is one that is not set, as everywhere.
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, given[key] || value]));
}

/** As in the image of an app (docker/Dockerfile), so that it takes as much memory here. */
const NODE_FLAGS = ['--max-semi-space-size=32'];

/** The program of an app and what it is told. */
function program(app: AppName): readonly [main: string, ...args: string[]] {
  if (app === 'audit') return [join(WORKSPACE, 'tools/audit/dist/main.js'), '--follow'];
  return [join(WORKSPACE, 'apps', app, 'dist/main.js')];
}

/** A built app as a part. @throws StackError `not-built`. */
export function appDefinition({ app, name, port, environment: settings }: AppRun): PartDefinition {
  const [main, ...args] = program(app);
  if (!existsSync(main))
    throw new StackError('not-built', `${app} is not built: run \`npx nx build ${app}\`.`);
  const endWithParent = projectFile('guard', 'end-with-parent.js');
  return {
    name,
    startTimeoutMs: 60_000,
    stopGraceMs: STOP_GRACE_MS,
    launch: () =>
      Promise.resolve({
        command: process.execPath,
        args: [...NODE_FLAGS, '--import', endWithParent, main, ...args],
        cwd: WORKSPACE,
        environment: { ...settings, [portVariable(app)]: String(port) },
      }),
    isReady: async () => {
      const url = `${localUrl(listenAddress(port, settings))}/readyz`;
      return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
    },
  };
}
