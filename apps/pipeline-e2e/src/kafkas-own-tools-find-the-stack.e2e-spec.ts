import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const LOCAL_STACK = join(import.meta.dirname, '../../../tools/local-stack/dist/main.js');
const TOPIC = 'scratch';
const SHOWN = ['key', 'headers', 'partition', 'offset'].flatMap((part) => [
  '--formatter-property',
  `print.${part}=true`,
]);

describe('npm run kafka', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
  });
  afterAll(() => stack?.stop());

  /** @returns how the tool ended and what it wrote to its two outputs. */
  const kafka = (args: readonly string[], input = '') =>
    new Promise<{ exitCode: number; stdout: string; stderr: string }>((done) => {
      // With what this process has besides: a JDK, a home.
      const command = [
        `KAFKA_BROKERS=${stack.kafkaBrokers.join(',')}`,
        process.execPath,
        LOCAL_STACK,
        'kafka',
      ];
      const tool = execFile('env', [...command, ...args], (error, stdout, stderr) =>
        done({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
      tool.stdin?.end(input);
    });

  it('creates a topic, writes to it what is typed, and shows keys, headers, partitions and offsets', async () => {
    const created = await kafka(['topics', '--create', '--topic', TOPIC, '--partitions', '3']);
    expect(created).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Created topic ${TOPIC}`) });
    const parse = ['parse.key=true', 'parse.headers=true'].flatMap((each) => ['--reader-property', each]);
    const lines = 'from:spec\tada\tone\nfrom:spec\tada\ttwo\n';
    expect(await kafka(['console-producer', '--topic', TOPIC, ...parse], lines)).toMatchObject({
      exitCode: 0,
    });
    const read = ['--topic', TOPIC, '--from-beginning', '--max-messages', '2'];
    const { stdout } = await kafka(['console-consumer', ...read, ...SHOWN]);
    const [first, second] = stdout.trimEnd().split('\n');
    const partition = /^Partition:(\d)\t/.exec(first ?? '')?.[1];
    expect([first, second]).toEqual([
      `Partition:${partition}\tOffset:0\tfrom:spec\tada\tone`,
      `Partition:${partition}\tOffset:1\tfrom:spec\tada\ttwo`,
    ]);
  });

  it('shows how far a group has read', async () => {
    const read = ['--topic', TOPIC, '--group', 'reader', '--from-beginning', '--max-messages', '2'];
    expect((await kafka(['console-consumer', ...read])).stdout).toBe('one\ntwo\n');
    expect((await kafka(['groups', '--list'])).stdout).toMatch(/^reader\s/m);
    const { stdout } = await kafka(['consumer-groups', '--describe', '--group', 'reader']);
    expect(stdout).toMatch(/^reader\s+scratch\s+\d\s+2\s+2\s+0\s/m);
  });

  it.each([
    [['get-offsets', '--topic', TOPIC], /^scratch:\d:2$/m],
    [['configs', '--describe', '--entity-type', 'topics', '--entity-name', TOPIC, '--all'], /retention\.ms=/],
    [['transactions', 'list'], /TransactionalId/],
    [['metadata-quorum', 'describe', '--status'], /LeaderId:\s+1/],
  ])('runs %j', async (args, said) => {
    const { stdout, exitCode } = await kafka(args);
    expect(stdout).toMatch(said);
    expect(exitCode).toBe(0);
  });

  it('ends as its tool ends, and names the tools when it knows none', async () => {
    expect(await kafka(['topics', '--describe', '--topic', 'not-there'])).toMatchObject({ exitCode: 1 });
    expect(await kafka(['consume'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('console-consumer, console-producer, topics'),
    });
  });
});
