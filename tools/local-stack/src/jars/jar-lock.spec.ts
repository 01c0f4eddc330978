import { describe, expect, it } from '@jest/globals';
import { jarFileName, lockId, lockViolations, readLock, type LockedJar } from './jar-lock.ts';
import { artifactOfPath } from './lock-jars.ts';
import { downloadedJar } from './maven.ts';
import { modulePom } from './maven-project.ts';
import { JAR_ROOTS, JAR_SETS } from './server-jars.ts';

const jars: LockedJar[] = [
  { artifact: 'org.acme:one:1.0', sha256: 'aa', bytes: 10 },
  { artifact: 'org.acme:two:2.0:linux', sha256: 'bb', bytes: 20 },
];
const intact = new Map([
  ['one-1.0.jar', { bytes: 10, sha256: 'aa' }],
  ['two-2.0-linux.jar', { bytes: 20, sha256: 'bb' }],
]);

describe('a lock of jars', () => {
  it('accepts exactly what was locked, with or without the checksums measured', () => {
    expect(lockViolations(jars, intact)).toEqual([]);
    const sizes = new Map([...intact].map(([name, { bytes }]) => [name, { bytes }]));
    expect(lockViolations(jars, sizes)).toEqual([]);
  });

  it('names every jar that is missing, cut short or changed', () => {
    expect(lockViolations(jars, new Map([['one-1.0.jar', { bytes: 9 }]]))).toEqual([
      'one-1.0.jar has 9 bytes instead of 10',
      'two-2.0-linux.jar is missing',
    ]);
    expect(lockViolations(jars, new Map(intact).set('one-1.0.jar', { bytes: 10, sha256: 'cc' }))).toEqual([
      'one-1.0.jar has the SHA-256 cc instead of aa',
    ]);
  });

  it('has an identity that changes with a checksum and not with the order', () => {
    expect(lockId([...jars].reverse())).toBe(lockId(jars));
    expect(lockId(jars.map((jar) => ({ ...jar, sha256: 'cc' })))).not.toBe(lockId(jars));
  });

  it.each(JAR_SETS)('is committed for %s: every root, checksums and distinct file names', async (server) => {
    const lock = await readLock(server);
    const artifacts = lock.jars.map(({ artifact }) => artifact);
    expect(artifacts).toEqual(expect.arrayContaining([...JAR_ROOTS[server]]));
    expect(lock.jars.filter(({ sha256, bytes }) => !/^[0-9a-f]{64}$/.test(sha256) || bytes <= 0)).toEqual([]);
    expect(new Set(lock.jars.map(jarFileName)).size).toBe(lock.jars.length);
  });
});

describe('what Maven is asked and answers', () => {
  it('derives an artifact from its path in a repository', () => {
    expect(artifactOfPath('org/apache/kafka/kafka_2.13/4.4.0/kafka_2.13-4.4.0.jar')).toBe(
      'org.apache.kafka:kafka_2.13:4.4.0',
    );
    expect(artifactOfPath('io/netty/tcnative/2.0/tcnative-2.0-linux-x86_64.jar')).toBe(
      'io.netty:tcnative:2.0:linux-x86_64',
    );
  });

  it('asks for locked artifacts alone, so that nothing else is resolved with them', () => {
    const pom = modulePom({ name: 'acme', artifacts: ['org.acme:two:2.0:linux'], transitive: false });
    expect(pom).toContain('<version>2.0</version><classifier>linux</classifier><exclusions>');
    expect(modulePom({ name: 'acme', artifacts: ['org.acme:one:1.0'], transitive: true })).not.toContain(
      'exclusion',
    );
  });

  it('recognises the end of a download of a jar, whatever repository it came from', () => {
    const url = 'https://repo.example/maven2/org/acme/one/1.0/one-1.0';
    expect(downloadedJar(`[INFO] Downloaded from mirror: ${url}.jar (9.6 MB at 3.1 MB/s)`)).toBe(
      'one-1.0.jar',
    );
    expect(downloadedJar(`[INFO] Downloaded from central: ${url}.pom (3 kB at 5 kB/s)`)).toBeUndefined();
    expect(downloadedJar(`[INFO] Downloading from central: ${url}.jar`)).toBeUndefined();
  });
});
