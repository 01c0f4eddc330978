import { setTimeout as pause } from 'node:timers/promises';
import { type ContainerEngine } from '../engine/container-engine.ts';

export interface ContainerOptions {
  readonly name: string;
  readonly image: string;
  /** Of `podman run`, such as those of {@link runArguments}. */
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What follows the image; default: the command of the image. */
  readonly command?: readonly string[];
}

/** How a container ended. */
export interface End {
  readonly exitCode: number;
  /** From the signal to its end. */
  readonly durationMs: number;
}

const READY_TIMEOUT_MS = 60_000;
const LOOK_INTERVAL_MS = 20;
const LOG_LINES = '5';
/** Containers outlive a run that is killed; they end then. */
const MOST_SECONDS = '1800';

/** A container in the network of this machine. */
export class Container {
  private constructor(
    private readonly engine: ContainerEngine,
    readonly name: string,
  ) {}

  /** Resolves when its process runs. */
  static async start(engine: ContainerEngine, run: ContainerOptions): Promise<Container> {
    await engine.podman('run', '--detach', '--timeout', MOST_SECONDS, ...commonArguments(run));
    return new Container(engine, run.name);
  }

  /** Runs a container to its end and removes it. @returns what it printed. @throws Error unless it exits with 0. */
  static runToEnd(engine: ContainerEngine, run: ContainerOptions): Promise<string> {
    return engine.podman('run', '--rm', ...commonArguments(run));
  }

  /** The same. @returns its exit code. */
  static exitCodeOf(engine: ContainerEngine, run: ContainerOptions): Promise<number> {
    return engine.podmanExitCode('run', '--rm', ...commonArguments(run));
  }

  /** Resolves when a URL answers with success. @throws Error with the container's last words. */
  async answers(url: string): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (!(await isOk(url))) {
      if (performance.now() > deadline)
        throw new Error(`${url} does not answer 200: ${await this.lastWords()}`);
      await pause(LOOK_INTERVAL_MS);
    }
  }

  /** Process id on this machine of its first process. */
  async pid(): Promise<number> {
    return Number(await this.engine.podman('inspect', '--format', '{{.State.Pid}}', this.name));
  }

  /** Runs the health check of its image; like a runtime, it says unhealthy after so many failures in a row. */
  async isHealthy(): Promise<boolean> {
    const format = '{{.Config.Healthcheck.Retries}}';
    const retries = Number(await this.engine.podman('inspect', '--format', format, this.name));
    for (let attempt = 1; attempt <= retries; attempt++) {
      if ((await this.engine.podmanExitCode('healthcheck', 'run', this.name)) === 0) return true;
    }
    return false;
  }

  /** SIGTERM, and SIGKILL after its grace; removes it. */
  async stop(): Promise<End> {
    const startedAt = performance.now();
    await this.engine.podman('stop', this.name);
    const durationMs = performance.now() - startedAt;
    const exitCode = Number(
      await this.engine.podman('inspect', '--format', '{{.State.ExitCode}}', this.name),
    );
    await this.engine.podman('rm', this.name);
    return { exitCode, durationMs };
  }

  private async lastWords(): Promise<string> {
    return this.engine.podman('logs', '--tail', LOG_LINES, this.name).catch(() => 'it printed nothing');
  }
}

function commonArguments({
  name,
  image,
  options = [],
  environment = {},
  command = [],
}: ContainerOptions): string[] {
  return [
    '--name',
    name,
    '--network',
    'host',
    // podman runs health checks with timers of systemd, which need not be there; here they are asked for.
    '--health-interval',
    'disable',
    ...options,
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    image,
    ...command,
  ];
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
