import { imageTag } from '@pipeline/images';
import { type AppContainer } from '../container/app-container.ts';
import { Container } from '../container/container.ts';
import { type ContainerEngine } from '../engine/container-engine.ts';
import { TAG } from '../image/image-facts.ts';
import { type Checklist, seconds } from '../report/checklist.ts';

const KILLED = 137;

/** What is wrong on purpose is seen: else the checks before would prove nothing. */
export async function runControls(
  engine: ContainerEngine,
  collector: AppContainer,
  checklist: Checklist,
): Promise<void> {
  const image = imageTag('collector-api', TAG);
  await checklist.check('with a shell as process 1, SIGTERM does not reach node', async () => {
    const shell = JSON.stringify(['/bin/sh', '-c', 'node dist/main.js; true']);
    await collector.start(['--entrypoint', shell, '--stop-timeout', '3']);
    const { exitCode, durationMs } = await collector.stop();
    if (exitCode !== KILLED) throw new Error(`exit code ${exitCode}`);
    return `killed after ${seconds(durationMs)}, exit code ${exitCode}`;
  });
  await checklist.check('of a process that does not listen, the health check says unhealthy', async () => {
    const command = ['--eval', 'setInterval(() => {}, 1_000)'];
    const silent = await Container.start(engine, {
      name: 'silent',
      image,
      options: ['--stop-timeout', '0'],
      command,
    });
    const isHealthy = await silent.isHealthy();
    await silent.stop();
    if (isHealthy) throw new Error('it says healthy');
    return undefined;
  });
  await checklist.check('a read-only root takes no file', async () => {
    const command = ['--eval', "require('node:fs').writeFileSync('/app/file', '')"];
    const run = { name: 'writer', image, options: ['--user', '0', '--read-only'], command };
    const complaint = await Container.runToEnd(engine, run).then(
      () => 'it was written',
      (error: Error) => String(error.cause),
    );
    if (!complaint.includes('EROFS')) throw new Error(complaint);
    return 'EROFS';
  });
  await checklist.check('above its memory limit, a container is killed', async () => {
    const command = ['--eval', 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1));'];
    const options = ['--memory', '64m', '--memory-swap', '64m'];
    const exitCode = await Container.exitCodeOf(engine, { name: 'greedy', image, options, command });
    if (exitCode !== KILLED) throw new Error(`exit code ${exitCode}`);
    return `exit code ${exitCode}`;
  });
}
