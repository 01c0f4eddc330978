import { loadavg } from 'node:os';
import { imageTag } from '@pipeline/images';
import { type LocalStack } from '@pipeline/local-stack';
import { type AppContainer } from '../container/app-container.ts';
import { looseEnds, processFacts } from '../container/confinement.ts';
import { Container } from '../container/container.ts';
import { composeService, runArguments } from '../container/run-arguments.ts';
import { type ContainerEngine } from '../engine/container-engine.ts';
import { TAG } from '../image/image-facts.ts';
import { megabytes } from '../image/image-rules.ts';
import { type Checklist, seconds } from '../report/checklist.ts';

const STARTS = 3;
const MAX_START_MS = 3_000;

/** The one-shot that creates the topics, twice: it may run at each start of a deployment. */
export async function runTopics(
  engine: ContainerEngine,
  stack: LocalStack,
  checklist: Checklist,
): Promise<void> {
  const run = async (command: string) => {
    const output = await Container.runToEnd(engine, {
      name: 'topics',
      image: imageTag('topics', TAG),
      options: runArguments(composeService('topics')),
      environment: stack.environment,
      command: ['dist/main.js', command],
    });
    return output.split('\n');
  };
  await checklist.require(
    'topics: creates the topics',
    async () => `${(await run('create')).length} created`,
  );
  await checklist.check('topics: finds nothing to do the second time', async () =>
    (await run('create')).join(),
  );
  await checklist.check('topics: they are as defined', async () => (await run('diff')).join());
}

/** Starts each app by itself and looks at its process. */
export async function runApp(container: AppContainer, checklist: Checklist): Promise<void> {
  const { app } = container;
  const startsMs: number[] = [];
  const isStarted = await checklist.check(`${app}: becomes ready`, async () => {
    startsMs.push(await container.start());
    return `${container.url}/readyz answers 200`;
  });
  if (!isStarted) return;
  await checklist.check(
    `${app}: node is process 1 of user 1000, without capabilities, its root read-only`,
    async () => {
      const facts = await processFacts(await container.running.pid());
      const problems = looseEnds(facts);
      if (problems.length > 0) throw new Error(problems.join(', '));
      return `memory limit ${megabytes(facts.memoryLimitBytes)}`;
    },
  );
  await checklist.check(`${app}: its health check says healthy`, async () => {
    if (!(await container.running.isHealthy())) throw new Error('it says unhealthy');
    return undefined;
  });
  await checklist.check(`${app}: SIGTERM ends it with 0`, () => stopped(container));
  while (startsMs.length < STARTS) {
    startsMs.push(await container.start());
    await container.stop();
  }
  await checklist.check(
    `${app}: is ready within ${seconds(MAX_START_MS)}, median of ${STARTS} starts`,
    () => {
      const median = [...startsMs].sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? Infinity;
      if (median > MAX_START_MS)
        throw new Error(`${startsMs.map(seconds).join(', ')} (load average ${loadavg()[0]})`);
      return startsMs.map(seconds).join(', ');
    },
  );
}

/** @throws Error unless the container ends with 0. */
export async function stopped(container: AppContainer): Promise<string> {
  const { exitCode, durationMs } = await container.stop();
  if (exitCode !== 0) throw new Error(`exit code ${exitCode} after ${seconds(durationMs)}`);
  return `after ${seconds(durationMs)}`;
}
