import { setTimeout as wait } from 'node:timers/promises';
import { HttpConnection } from '../../load/http-connection.ts';
import { type LoadOrder, type LoadReport, runLoad } from '../../load/load.ts';
import { RequestTemplate } from '../../load/request-template.ts';
import { freePort } from '../../measure/free-port.ts';
import { processCost } from '../../measure/process-cost.ts';
import { Program } from '../../measure/program.ts';
import {
  type CollectorContestant,
  type CollectorPlace,
  type Endpoint,
  OUR_ENDPOINT,
} from './collector-contestant.ts';

const START_TIMEOUT_MS = 120_000;
/** Outside every range of the ledger. */
const PROBE_ID = 2 ** 47;
const PAUSE_MS = 200;
const SAMPLE_MS = 1_000;

/** A contestant's process, with what it costs. */
export class RunningCollector {
  private readonly samples: number[] = [];
  private readonly sampler: NodeJS.Timeout;
  private readonly endpoint: Endpoint;

  private constructor(
    readonly contestant: CollectorContestant,
    readonly port: number,
    private readonly program: Program,
  ) {
    this.endpoint = contestant.endpoint ?? OUR_ENDPOINT;
    this.sampler = setInterval(() => this.sample(), SAMPLE_MS);
  }

  /** Resolves when it has made an event durable. @throws when it ends before. */
  static async start(
    contestant: CollectorContestant,
    place: Omit<CollectorPlace, 'port'>,
  ): Promise<RunningCollector> {
    const port = await freePort();
    const program = new Program(contestant.command({ ...place, port }));
    const running = new RunningCollector(contestant, port, program);
    try {
      await running.listening();
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  get pid(): number {
    return this.program.pid;
  }

  get peakRssMiB(): number {
    return processCost(this.pid).peakRssMiB;
  }

  /** Resident memory once a second since the start, in MiB. */
  get rssMiB(): readonly number[] {
    return this.samples;
  }

  load(order: Omit<LoadOrder, 'ports' | keyof Endpoint>): Promise<LoadReport> {
    return runLoad({ ...order, ...this.endpoint, ports: [this.port] });
  }

  async stop(): Promise<void> {
    clearInterval(this.sampler);
    await this.program.stop();
  }

  private sample(): void {
    if (this.program.running) this.samples.push(processCost(this.pid).rssMiB);
  }

  private async listening(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    const { path, accepted } = this.endpoint;
    const request = new RequestTemplate(`127.0.0.1:${this.port}${path}`, 1).numbered(PROBE_ID);
    while (performance.now() < deadline && this.program.running) {
      const connection = new HttpConnection(this.port);
      const status = await connection.send(request);
      connection.close();
      if (status === accepted) return;
      await wait(PAUSE_MS);
    }
    throw this.program.failure(`${this.contestant.name} does not answer`);
  }
}
