import { type CoreApp, portVariable } from '@pipeline/event-schema';
import { imageTag } from '@pipeline/images';
import { type LocalStack } from '@pipeline/local-stack';
import { type ContainerEngine } from '../engine/container-engine.ts';
import { TAG } from '../image/image-facts.ts';
import { Container, type End } from './container.ts';
import { composeService, runArguments } from './run-arguments.ts';

/** One of the apps, in a container on the servers of a local stack, confined as in docker/compose.yaml. */
export class AppContainer {
  readonly url: string;
  private container: Container | undefined;

  constructor(
    private readonly engine: ContainerEngine,
    private readonly stack: LocalStack,
    readonly app: CoreApp,
  ) {
    this.url = `http://127.0.0.1:${stack.appPorts[app]}`;
  }

  /** @param options more of `podman run`. @returns milliseconds from the command to the first 200 of `/readyz`. */
  async start(options: readonly string[] = []): Promise<number> {
    const { app, engine, stack } = this;
    const startedAt = performance.now();
    this.container = await Container.start(engine, {
      name: app,
      image: imageTag(app, TAG),
      options: [...runArguments(composeService(app)), ...options],
      environment: { ...stack.environment, [portVariable(app)]: String(stack.appPorts[app]) },
    });
    await this.container.answers(`${this.url}/readyz`);
    return performance.now() - startedAt;
  }

  get running(): Container {
    if (this.container === undefined) throw new Error(`${this.app} does not run`);
    return this.container;
  }

  async stop(): Promise<End> {
    const { running } = this;
    this.container = undefined;
    return running.stop();
  }
}
