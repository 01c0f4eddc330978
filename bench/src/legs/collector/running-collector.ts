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

/** A contestant's processes, which share the load, with what they cost. */
export class RunningCollector {
  private readonly samples: number[] = [];
  private readonly sampler: NodeJS.Timeout;
  private readonly endpoint: Endpoint;

  private constructor(
    readonly contestant: CollectorContestant,
    private readonly ports: readonly number[],
    private readonly programs: readonly Program[],
  ) {
    this.endpoint = contestant.endpoint ?? OUR_ENDPOINT;
    this.sampler = setInterval(() => this.sample(), SAMPLE_MS);
  }

  /** Resolves when each process has made an event durable. @throws when one ends before. */
  static async start(
    contestant: CollectorContestant,
    place: Omit<CollectorPlace, 'port'>,
  ): Promise<RunningCollector> {
    const ports = await Promise.all(Array.from({ length: contestant.processes ?? 1 }, freePort));
    const programs = ports.map((port) => new Program(contestant.command({ ...place, port })));
    const running = new RunningCollector(contestant, ports, programs);
    try {
      await Promise.all(ports.map((port, n) => running.listening(port, programs[n]!)));
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  get pids(): readonly number[] {
    return this.programs.map(({ pid }) => pid);
  }

  /** Of all together. */
  get peakRssMiB(): number {
    return this.pids.reduce((sum, pid) => sum + processCost(pid).peakRssMiB, 0);
  }

  /** Resident memory of all together once a second since the start, in MiB. */
  get rssMiB(): readonly number[] {
    return this.samples;
  }

  load(order: Omit<LoadOrder, 'ports' | keyof Endpoint>): Promise<LoadReport> {
    return runLoad({ ...order, ...this.endpoint, ports: this.ports });
  }

  async stop(): Promise<void> {
    clearInterval(this.sampler);
    await Promise.all(this.programs.map((program) => program.stop()));
  }

  private sample(): void {
    if (!this.programs.every(({ running }) => running)) return;
    this.samples.push(this.pids.reduce((sum, pid) => sum + processCost(pid).rssMiB, 0));
  }

  private async listening(port: number, program: Program): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    const { path, accepted } = this.endpoint;
    const request = new RequestTemplate(`127.0.0.1:${port}${path}`, 1).numbered(PROBE_ID);
    while (performance.now() < deadline && program.running) {
      const connection = new HttpConnection(port);
      const status = await connection.send(request);
      connection.close();
      if (status === accepted) return;
      await wait(PAUSE_MS);
    }
    throw program.failure(`${this.contestant.name} does not answer`);
  }
}
