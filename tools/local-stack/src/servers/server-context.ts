import { execa } from 'execa';
import { type JavaCommand, type JavaProgram, type JavaRuntime, javaCommand } from '../java/java-runtime.ts';
import { type StackPorts } from '../ports/stack-ports.ts';
import { guard } from '../processes/guard.ts';
import { StackError } from '../stack-error.ts';
import { type BrokerHost } from './broker-host.ts';

/** Far more than a start takes, for machines that are busy; a server that ends by itself fails its start at once. */
export const SERVER_START_MS = 180_000;
/** The first clean end of a server also writes its class archive, which takes seconds. */
export const SERVER_STOP_MS = 45_000;

/** What the servers of one stack share. */
export interface ServerContext {
  readonly runtime: JavaRuntime;
  readonly ports: StackPorts;
  /** The folder that survives the stack: each server has a folder of its own in it. */
  readonly stateFolder: string;
  readonly hdfsPermissions?: boolean;
  readonly isShortLived?: boolean;
  /** Of brokers that do not live on loopback. */
  readonly brokerHosts?: readonly BrokerHost[];
  /** Win over the stack's own lines of `server.properties`. */
  readonly brokerSettings?: Readonly<Record<string, string>>;
}

/** The quick compiler alone: half the CPU of a start, and slower code for as long as the process runs. */
export const QUICK_COMPILER = '-XX:TieredStopAtLevel=1';

/**
 * Runs a Java program to its end, such as one that formats storage.
 * @returns its standard output. @throws StackError `part-failed`.
 */
export async function runJava(
  { runtime }: Pick<ServerContext, 'runtime'>,
  program: JavaProgram,
): Promise<string> {
  const { command, args, archive } = await javaCommand(runtime, program);
  // The pipe on its standard input stays open: the program ends when that closes.
  const running = execa(command, args, { stdin: 'pipe', all: true, reject: false, stripFinalNewline: false });
  if (running.pid !== undefined) guard.add(running.pid);
  const { failed, all, stdout } = await running;
  if (running.pid !== undefined) guard.remove(running.pid);
  await archive.keep();
  if (failed) throw new StackError('part-failed', `${program.mainClass} failed:\n${all}`);
  return stdout;
}

/** What a part keeps of a Java command: how to launch it, and its class archive after a clean end. */
export class JavaLaunch {
  private command: JavaCommand | undefined;
  private readonly runtime: JavaRuntime;
  private readonly program: JavaProgram;

  constructor(runtime: JavaRuntime, program: JavaProgram) {
    this.runtime = runtime;
    this.program = program;
  }

  async next(): Promise<{ command: string; args: string[] }> {
    this.command = await javaCommand(this.runtime, this.program);
    return { command: this.command.command, args: this.command.args };
  }

  async keepArchive(): Promise<void> {
    await this.command?.archive.keep();
  }
}
