import { readFile } from 'node:fs/promises';
import { isRootReadOnly } from '../engine/mounts.ts';

/** What the kernel says of the first process of a container. */
export interface ProcessFacts {
  readonly commandLine: readonly string[];
  /** Its id within the container. */
  readonly innerPid: number;
  readonly uid: number;
  /** Bits of the effective set, hexadecimal. */
  readonly capabilities: string;
  readonly gainsNoPrivileges: boolean;
  /** Whether system calls are filtered. */
  readonly isFiltered: boolean;
  readonly isRootReadOnly: boolean;
  /** Infinity where there is no limit. */
  readonly memoryLimitBytes: number;
}

/** @param pid of the process on this machine. */
export async function processFacts(pid: number): Promise<ProcessFacts> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8');
  return {
    commandLine: (await read('cmdline')).split('\0').filter((part) => part !== ''),
    ...statusFacts(await read('status')),
    isRootReadOnly: isRootReadOnly(await read('mountinfo')),
    memoryLimitBytes: await memoryLimit(await read('cgroup')),
  };
}

type StatusFacts = Pick<
  ProcessFacts,
  'innerPid' | 'uid' | 'capabilities' | 'gainsNoPrivileges' | 'isFiltered'
>;

/** Out of `/proc/<pid>/status`. */
export function statusFacts(status: string): StatusFacts {
  const fields = new Map(status.split('\n').map((line) => line.split(/:\s*/, 2) as [string, string]));
  const numbers = (name: string) => (fields.get(name) ?? '').split(/\s+/).map(Number);
  return {
    innerPid: numbers('NSpid').at(-1) ?? NaN,
    uid: numbers('Uid')[1] ?? NaN,
    capabilities: fields.get('CapEff') ?? '',
    gainsNoPrivileges: fields.get('NoNewPrivs') === '1',
    isFiltered: fields.get('Seccomp') === '2',
  };
}

/** Where the limit of a process is written, out of `/proc/<pid>/cgroup`; both versions of cgroups. */
export function memoryLimitFile(cgroups: string): string {
  const entries = cgroups.split('\n').map((line) => line.split(':'));
  const memory = entries.find(([, controllers]) => controllers?.split(',').includes('memory'));
  if (memory !== undefined) return `/sys/fs/cgroup/memory${memory[2]}/memory.limit_in_bytes`;
  const unified = entries.find(([hierarchy]) => hierarchy === '0');
  return `/sys/fs/cgroup${unified?.[2] ?? ''}/memory.max`;
}

async function memoryLimit(cgroups: string): Promise<number> {
  const text = (await readFile(memoryLimitFile(cgroups), 'utf8')).trim();
  return text === 'max' ? Infinity : Number(text);
}

/** What the process could do and should not; a phrase for each. */
export function looseEnds(facts: ProcessFacts): string[] {
  return [
    ...(facts.innerPid === 1 && facts.commandLine[0] === 'node' ? [] : ['node is not its first process']),
    ...(facts.uid > 0 ? [] : [`its user is ${facts.uid}`]),
    ...(/^0+$/.test(facts.capabilities) ? [] : [`it has the capabilities ${facts.capabilities}`]),
    ...(facts.gainsNoPrivileges ? [] : ['it may gain privileges']),
    ...(facts.isFiltered ? [] : ['its system calls are not filtered']),
    ...(facts.isRootReadOnly ? [] : ['it may write its root']),
    // Without a limit the kernel says a number near 2^63.
    ...(facts.memoryLimitBytes < 2 ** 40 ? [] : ['its memory has no limit']),
  ];
}
