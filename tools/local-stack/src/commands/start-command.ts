import { type AppName } from '@pipeline/event-schema';
import { environment } from '@pipeline/config';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadBar } from '../console/download-bar.ts';
import { StartView } from '../console/start-view.ts';
import { say } from '../console/terminal.ts';
import { type PublicPorts } from '../ports/stack-ports.ts';
import { type Exit } from '../processes/guarded-process.ts';
import { createTopics } from '../stack/create-topics.ts';
import { removeDeadMembers } from '../stack/remove-dead-members.ts';
import { type LocalStack } from '../stack/local-stack.ts';
import { type Part } from '../stack/part.ts';
import { assembleStack } from '../stack/start-stack.ts';
import { onStopSignals } from './stop-signals.ts';

export interface StartOptions {
  readonly stateFolder: string;
  readonly ports: PublicPorts;
  readonly brokerCount: number;
  readonly apps: readonly AppName[];
  /** Whether the apps send their own log lines to the collector. */
  readonly shipsLogs: boolean;
}

/** Everything between `npm start` and the end of it. @returns the exit code. */
export async function startCommand(options: StartOptions): Promise<number> {
  return new Session(options).run();
}

/** One run at the terminal: it starts, shows, and stops at a signal or when a part ends by itself. */
class Session {
  private readonly options: StartOptions;
  private readonly view = new StartView();
  private stack: LocalStack | undefined;
  private exitCode = 0;
  private ending = false;
  private resolveEnd: () => void = () => undefined;
  private readonly end = new Promise<void>((resolve) => (this.resolveEnd = resolve));

  constructor(options: StartOptions) {
    this.options = options;
  }

  async run(): Promise<number> {
    onStopSignals(
      () => this.finish(0, '\nStopping …'),
      () => this.stack?.killAll(),
    );
    try {
      await this.start();
      await this.end;
    } catch (error) {
      // Parts that end because we stop them fail to start: that is no failure of theirs.
      if (!this.ending) throw error;
    } finally {
      this.ending = true;
      await this.stop();
    }
    return this.exitCode;
  }

  private async start(): Promise<void> {
    const observer = {
      line: (part: string, line: string) => this.view.line(part, line),
      crashed: (part: Part, exit: Exit) => this.crashed(part, exit),
    };
    const stack = await assembleStack({
      ...this.options,
      observer,
      progress: downloadBar(),
      appEnvironment: environment(),
      // On one machine Kafka is often stopped and started: the page shall not notice.
      spools: true,
    });
    this.stack = stack;
    // One that was killed leaves the addresses of what is gone.
    await rm(this.addressFile(), { force: true });
    await Promise.all(
      stack.servers.map((server) => server.start().then(() => this.view.partReady(server.name))),
    );
    const { apps } = this.options;
    await Promise.all([
      createTopics(stack.kafkaBrokers),
      apps.length > 0 && removeDeadMembers(stack.kafkaBrokers),
    ]);
    await Promise.all(apps.map((app) => this.startApp(stack, app)));
    if (this.ending) return;
    const variables = Object.entries(stack.environment).map(([key, value]) => `${key}=${value}\n`);
    await writeFile(this.addressFile(), variables.join(''));
    await this.view.allReady(stack);
  }

  private async startApp(stack: LocalStack, app: AppName): Promise<void> {
    if (this.ending) return;
    await stack.startApp(app);
    this.view.partReady(app);
  }

  private async stop(): Promise<void> {
    if (this.stack === undefined) return;
    this.view.close();
    await this.stack.stop();
    await rm(this.addressFile(), { force: true });
    say('Stopped.');
  }

  /** The addresses for scripts, there while everything is ready. */
  private addressFile(): string {
    return join(this.options.stateFolder, 'stack.env');
  }

  private crashed(part: Part, exit: Exit): void {
    if (this.ending) return;
    this.view.crashed(part, exit);
    this.finish(1);
  }

  private finish(exitCode: number, note?: string): void {
    if (this.ending) return;
    this.ending = true;
    this.exitCode = exitCode;
    this.view.close();
    if (note !== undefined) say(note);
    // While jars are downloaded nothing runs yet that has to be stopped in order.
    if (this.stack === undefined) process.exit(exitCode);
    this.resolveEnd();
    // A start that is under way fails as its parts end.
    void this.stack.stop();
  }
}
