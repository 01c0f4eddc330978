import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../../../tools/audit/dist/main.js');

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs `npm run audit` to its end. @returns how it ended. */
export function runAudit(
  environment: Environment,
  ...args: string[]
): Promise<{ readonly exitCode: number; readonly output: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [MAIN, ...args], { env: environment }, (error, stdout, stderr) => {
      done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** A process of `npm run audit -- --follow`. */
export class RunningAudit {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(environment: Environment): Promise<RunningAudit> {
    const port = await freePort();
    const env = { ...environment, AUDIT_PORT: String(port), AUDIT_INTERVAL_MS: '300' };
    const child = spawn(process.execPath, [MAIN, '--follow'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new RunningAudit(child, `http://127.0.0.1:${port}`);
  }

  /** A metric's values by its labels, as they are written. */
  async metric(name: string): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (.+)$`, 'gm'))];
    return new Map(lines.map(([, labels = '', value]) => [labels.replaceAll('"', ''), Number(value)]));
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    return ((await ended) as [number | null])[0];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
