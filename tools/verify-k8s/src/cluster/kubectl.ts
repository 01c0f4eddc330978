import { execa } from 'execa';
import { VerifyError } from '../verify-error.ts';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;

/** kubectl against one cluster. */
export class Kubectl {
  constructor(
    readonly program: string,
    readonly kubeconfig: string,
  ) {}

  /** @throws VerifyError `command-failed` with what it said. */
  async run(args: readonly string[], options: KubectlOptions = {}): Promise<Output> {
    const { failed, ...output } = await this.attempt(args, options);
    if (failed) throw new VerifyError('command-failed', `kubectl ${args.join(' ')}: ${said(output)}`);
    return output;
  }

  /** The standard output of a command that succeeds, without the last line end. */
  async text(...args: string[]): Promise<string> {
    return (await this.run(args)).stdout;
  }

  /** What `kubectl get … -o json` answers. */
  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.text('get', ...args, '-o', 'json')) as T;
  }

  async apply(objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await this.run(['apply', '--server-side', '-f', '-'], { input });
  }

  /** The same as `run`, of a command that should fail. @returns why it did. @throws VerifyError when it succeeds. */
  async refusal(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
    const { failed, ...output } = await this.attempt(args, options);
    if (!failed) throw new VerifyError('check-failed', `kubectl ${args.join(' ')} was not refused`);
    return said(output);
  }

  private async attempt(args: readonly string[], { input, timeoutMs = TIMEOUT_MS }: KubectlOptions) {
    const { failed, stdout, stderr, shortMessage } = await execa(this.program, args, {
      env: { KUBECONFIG: this.kubeconfig },
      input: input ?? '',
      timeout: timeoutMs,
      reject: false,
    });
    return { failed, stdout, stderr: stderr === '' && failed ? String(shortMessage) : stderr };
  }
}

function said({ stdout, stderr }: Output): string {
  return [stderr, stdout].filter((text) => text !== '').join('\n');
}
