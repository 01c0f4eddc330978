import { type Launch } from '../processes/guarded-process.ts';
import { type StackPorts } from '../ports/stack-ports.ts';

/** A network namespace of Linux in which a broker lives, and its address there. To enter one takes root. */
export interface BrokerHost {
  readonly namespace: string;
  readonly address: string;
}

type Command = Pick<Launch, 'command' | 'args'>;

const LOOPBACK = '127.0.0.1';

/** The address of the broker at `index`. */
export function brokerAddress(hosts: readonly BrokerHost[] | undefined, index: number): string {
  return hosts?.[index]?.address ?? LOOPBACK;
}

/** host:port of all brokers. */
export function brokerAddresses(
  { kafka }: Pick<StackPorts, 'kafka'>,
  hosts?: readonly BrokerHost[],
): string[] {
  return kafka.map((port, index) => `${brokerAddress(hosts, index)}:${port}`);
}

/** The same program inside of the namespace of a host; `ip` becomes it, so the process id stays. */
export function onHost(host: BrokerHost | undefined, { command, args }: Command): Command {
  if (host === undefined) return { command, args };
  return { command: 'ip', args: ['netns', 'exec', host.namespace, command, ...args] };
}
