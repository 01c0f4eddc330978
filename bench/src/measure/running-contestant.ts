import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpConnection } from '../load/http-connection.ts';
import { type LoadOrder, type LoadReport, runLoad } from '../load/load.ts';
import { type Contestant, type ContestantPlace } from '../legs/contestants.ts';
import { RequestTemplate } from '../load/request-template.ts';
import { processCost } from './process-cost.ts';

const START_TIMEOUT_MS = 120_000;
/** Outside every range of the ledger. */
const PROBE_ID = 2 ** 47;
const ACCEPTED = 202;
const PAUSE_MS = 200;
const SAMPLE_MS = 1_000;

/** A contestant's process, with what it costs. */
export class RunningContestant {
  private readonly samples: number[] = [];
  private readonly sampler: NodeJS.Timeout;

  private constructor(
    readonly contestant: Contestant,
    private readonly port: number,
    private readonly child: ChildProcess,
  ) {
    this.sampler = setInterval(() => this.samples.push(processCost(this.pid).rssMiB), SAMPLE_MS);
  }

  /** Resolves when it has made an event durable. @throws when it ends before. */
  static async start(
    contestant: Contestant,
    place: Omit<ContestantPlace, 'port'>,
  ): Promise<RunningContestant> {
    const port = await freePort();
    const { args, environment } = contestant.command({ ...place, port });
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
    const running = new RunningContestant(contestant, port, child);
    try {
      await running.listening();
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get peakRssMiB(): number {
    return processCost(this.pid).peakRssMiB;
  }

  /** Resident memory once a second since the start, in MiB. */
  get rssMiB(): readonly number[] {
    return this.samples;
  }

  load(order: Omit<LoadOrder, 'port'>): Promise<LoadReport> {
    return runLoad({ ...order, port: this.port });
  }

  async stop(): Promise<void> {
    clearInterval(this.sampler);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  private async listening(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    const request = new RequestTemplate(`127.0.0.1:${this.port}`, 1).numbered(PROBE_ID);
    while (performance.now() < deadline && this.child.exitCode === null) {
      const connection = new HttpConnection(this.port);
      const status = await connection.send(request);
      connection.close();
      if (status === ACCEPTED) return;
      await wait(PAUSE_MS);
    }
    throw new Error(`${this.contestant.name} does not answer`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
