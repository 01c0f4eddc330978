import { type CoreApp, PIPELINE_APPS } from '@pipeline/event-schema';
import { join } from 'node:path';
import { cacheFolder, type LocalStack, serverVersions, startStack } from '@pipeline/local-stack';
import { AppContainer } from './container/app-container.ts';
import { ContainerEngine } from './engine/container-engine.ts';
import { engineVersions, installPrograms } from './engine/programs.ts';
import { loadStandInBase } from './engine/stand-in-base.ts';
import { type Checklist } from './report/checklist.ts';
import { type Closers } from './report/closers.ts';
import { buildImages, inspectImages } from './stages/build.stage.ts';
import { runControls } from './stages/controls.stage.ts';
import { type Apps, runPipeline } from './stages/pipeline.stage.ts';
import { runApp, runTopics } from './stages/run.stage.ts';

/**
 * Builds all images, runs them on a stack of their own and checks what they promise. What has to be undone is given
 * to `closers`. @throws Error when something fails without which nothing else can be checked.
 */
export async function verifyImages(checklist: Checklist, closers: Closers): Promise<void> {
  const folder = join(cacheFolder(), 'verify-images');
  checklist.section('tools and base');
  await checklist.require('programs', async () => `${await installPrograms()}; ${await engineVersions()}`);
  const engine = await ContainerEngine.open(folder);
  closers.add(() => engine.close());
  await checklist.require('stand-in for the base', () => loadStandInBase(engine, folder));

  checklist.section('images');
  await buildImages(engine, checklist);
  checklist.section('what is in them');
  await inspectImages(engine, checklist);

  checklist.section('each in a container');
  const stack = await startStack();
  closers.add(() => stack.stop());
  await checklist.check('servers', () => serverVersions());
  await runTopics(engine, stack, checklist);
  const apps = appContainers(engine, stack);
  for (const app of PIPELINE_APPS) await runApp(apps[app], checklist);

  checklist.section('all together, under load');
  await runPipeline(apps, stack, checklist);
  checklist.section('controls');
  await runControls(engine, apps['collector-api'], checklist);
}

function appContainers(engine: ContainerEngine, stack: LocalStack): Apps {
  const container = (app: CoreApp) => [app, new AppContainer(engine, stack, app)] as const;
  return Object.fromEntries(PIPELINE_APPS.map(container)) as unknown as Apps;
}
