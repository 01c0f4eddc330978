import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@pipeline/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));
const ORIGIN = 'https://page.example';
const APPS = ['collector-api', 'hdfs-sink', 'es-sink', 'web-ui', 'audit'];
/** Half of the session time-out of a sink: what a start must not wait for. */
const SESSION_SHARE_S = 15;
const SLOW_MACHINE_MS = 180_000;

/** One `npm start` beside whatever else runs, as at a terminal that has gone: without standard input. */
class NpmStart {
  output = '';
  private readonly npm: ChildProcess;

  constructor(private readonly folder: string) {
    // A setting of the user, which the stack also sets.
    const variable = `COLLECTOR_API_ALLOWED_ORIGINS=${ORIGIN}`;
    const args = [variable, 'npm', 'start', '--silent', '--', '--free-ports', '--state', folder];
    this.npm = spawn('env', args, { cwd: WORKSPACE, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.npm.stdout, this.npm.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  async ready(): Promise<void> {
    await eventually(
      () => {
        if (!existsSync(join(this.folder, 'stack.env'))) throw new Error(`not ready: ${this.output}`);
      },
      { timeoutMs: SLOW_MACHINE_MS },
    );
  }

  /** Seconds from the last server that was ready to the last app. */
  get appsTook(): number {
    const seconds = new Map(
      [...this.output.matchAll(/(\S+) +\S*?([\d.]+) s/g)].map(([, name = '', time]) => [name, Number(time)]),
    );
    const last = (ofApps: boolean) =>
      Math.max(...[...seconds].filter(([name]) => APPS.includes(name) === ofApps).map(([, time]) => time));
    return last(true) - last(false);
  }

  /** An address of the stack by its variable. */
  address(variable: string): string {
    const text = readFileSync(join(this.folder, 'stack.env'), 'utf8');
    return new RegExp(`^${variable}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  }

  /** The address of the audit's metrics in the table of addresses. */
  get auditMetrics(): string {
    return /(http:\/\/\S+\/metrics)(?=\s*│?\s*$)/m.exec(this.output.split('Audit:')[1] ?? '')?.[1] ?? '';
  }

  killNpm(signal: NodeJS.Signals): void {
    this.npm.kill(signal);
  }

  /** Of the process that npm runs, and of every server and app. */
  get pids(): number[] {
    const logs = join(this.folder, 'logs');
    const parts = readdirSync(logs).filter((name) => name.endsWith('.pid'));
    return [join(this.folder, 'running.json'), ...parts.map((name) => join(logs, name))]
      .filter(existsSync)
      .map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sum of a metric over everything that it tells of a topic; NaN where it tells nothing. */
function sumOf(metrics: string, name: string, topic: string): number {
  const values = metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && line.includes(`topic="${topic}"`))
    .map((line) => Number(line.split(' ').at(-1)));
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value);
}

describe('npm start', () => {
  const name = `visitor-${randomUUID()}`;
  let folder: string;
  let start: NpmStart;
  let firstTook: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
    start = new NpmStart(folder);
    await start.ready();
    firstTook = start.appsTook;
  }, SLOW_MACHINE_MS);
  afterAll(async () => {
    start.killNpm('SIGKILL');
    for (const pid of start.pids.filter(runs)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });

  const post = async (origin = ORIGIN) =>
    fetch(`${start.address('COLLECTOR_PUBLIC_URL')}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({
        event_type: 'select-color',
        schema_version: 1,
        user_name: name,
        color_name: 'green',
      }),
    });

  it('leaves a setting as the user has set it', async () => {
    expect((await post()).status).toBe(202);
    expect((await post('https://other.example')).status).toBe(403);
  });

  it('listens on 127.0.0.1 alone', async () => {
    const elsewhere = start.address('COLLECTOR_PUBLIC_URL').replace('localhost', '127.0.0.2');
    await expect(fetch(`${elsewhere}/livez`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it(
    'does not wait for the sessions of a stack that was killed, and nothing is lost or stored twice',
    async () => {
      const { pids } = start;
      start.killNpm('SIGKILL');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await eventually(() => expect(pids.filter(runs)).toEqual([]));
      await rm(join(folder, 'stack.env'));
      start = new NpmStart(folder);
      await start.ready();
      expect(start.appsTook).toBeLessThan(firstTook + SESSION_SHARE_S);
      expect((await post()).status).toBe(202);
      const search = `${start.address('ELASTICSEARCH_NODE')}/select-color-*/_count?q=user_name:%22${name}%22`;
      await eventually(async () => {
        expect(await (await fetch(search)).json()).toMatchObject({ count: 2 });
      });
    },
    SLOW_MACHINE_MS,
  );

  it(
    'proves continuously that both picks are in both stores',
    async () => {
      await eventually(
        async () => {
          const metrics = await (await fetch(start.auditMetrics)).text();
          expect(sumOf(metrics, 'audit_proved_offset', 'select-color')).toBe(2 * 2);
          expect(sumOf(metrics, 'audit_waiting_records', 'select-color')).toBe(0);
          expect(sumOf(metrics, 'audit_broken_records', 'select-color')).toBe(0);
        },
        { timeoutMs: SLOW_MACHINE_MS },
      );
    },
    SLOW_MACHINE_MS,
  );

  it(
    'stops everything in order when npm is killed',
    async () => {
      const { pids } = start;
      start.killNpm('SIGKILL');
      await eventually(() => expect(pids.filter(runs)).toEqual([]), { timeoutMs: SLOW_MACHINE_MS });
      expect(start.output).toContain('Stopped.');
      expect(existsSync(join(folder, 'stack.env'))).toBe(false);
    },
    SLOW_MACHINE_MS,
  );
});
