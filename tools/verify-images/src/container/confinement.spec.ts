import { describe, expect, it } from '@jest/globals';
import { isRootReadOnly, mountsBelow } from '../engine/mounts.ts';
import { looseEnds, memoryLimitFile, type ProcessFacts, statusFacts } from './confinement.ts';

const STATUS = `Name:\tnode
Uid:\t1000\t1000\t1000\t1000
NSpid:\t4711\t1
CapPrm:\t0000003fffffffff
CapEff:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t1
`;

const MOUNTS = `500 400 0:50 / / ro,relatime - overlay overlay rw,lowerdir=/a
501 500 0:51 / /proc rw - proc proc rw
502 500 0:52 / /run/x/graph rw - overlay overlay rw
503 502 0:53 / /run/x/graph/merged rw - overlay overlay rw
504 500 0:54 / /run/xy rw - tmpfs tmpfs rw
`;

describe('what the kernel says', () => {
  it('is read from a status', () => {
    expect(statusFacts(STATUS)).toEqual({
      innerPid: 1,
      uid: 1000,
      capabilities: '0000000000000000',
      gainsNoPrivileges: true,
      isFiltered: true,
    });
  });

  it('of a process without restrictions is read as such', () => {
    const loose = STATUS.replace('\t1\nSecc', '\t0\nSecc')
      .replace('Seccomp:\t2', 'Seccomp:\t0')
      .replace('4711\t1', '1');
    expect(statusFacts(loose)).toMatchObject({ gainsNoPrivileges: false, isFiltered: false });
  });

  it('of the root is the last mount on it', () => {
    expect(isRootReadOnly(MOUNTS)).toBe(true);
    expect(isRootReadOnly(`${MOUNTS}600 500 0:60 / / rw,relatime - ext4 /dev/a rw\n`)).toBe(false);
    expect(isRootReadOnly('')).toBe(false);
  });

  it('of a folder lists inner mounts first, and no neighbours', () => {
    expect(mountsBelow('/run/x', MOUNTS)).toEqual(['/run/x/graph/merged', '/run/x/graph']);
  });

  it('of the limit is found in both versions of cgroups', () => {
    expect(memoryLimitFile('7:memory:/libpod_parent/a\n0::/b\n')).toBe(
      '/sys/fs/cgroup/memory/libpod_parent/a/memory.limit_in_bytes',
    );
    expect(memoryLimitFile('0::/libpod/a\n')).toBe('/sys/fs/cgroup/libpod/a/memory.max');
  });
});

describe('a loose end', () => {
  const confined: ProcessFacts = {
    ...statusFacts(STATUS),
    commandLine: ['node', 'dist/main.js'],
    isRootReadOnly: true,
    memoryLimitBytes: 512 << 20,
  };

  it('is none where the process is confined', () => {
    expect(looseEnds(confined)).toEqual([]);
  });

  it.each<[string, Partial<ProcessFacts>]>([
    ['a shell', { commandLine: ['/bin/sh', '-c', 'node dist/main.js'] }],
    ['an init process before it', { innerPid: 2 }],
    ['root', { uid: 0 }],
    ['a capability', { capabilities: '0000000000000400' }],
    ['more privileges', { gainsNoPrivileges: false }],
    ['all system calls', { isFiltered: false }],
    ['a root to write', { isRootReadOnly: false }],
    ['no limit of version 1', { memoryLimitBytes: 9_223_372_036_854_771_712 }],
    ['no limit of version 2', { memoryLimitBytes: Infinity }],
  ])('is %s', (_title, facts) => {
    expect(looseEnds({ ...confined, ...facts })).toHaveLength(1);
  });
});
