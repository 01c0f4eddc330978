import { type LocalStack } from '@pipeline/local-stack';
import { type AppContainer } from '../container/app-container.ts';
import { auditClicks } from '../load/audit-clicks.ts';
import { Clicks } from '../load/clicks.ts';
import { type Checklist } from '../report/checklist.ts';
import { stopped } from './run.stage.ts';

/** Acknowledged clicks before each stop, so that it finds work under way. */
const CLICKS_BETWEEN_STOPS = 1_000;

export interface Apps {
  readonly 'collector-api': AppContainer;
  readonly 'hdfs-sink': AppContainer;
  readonly 'es-sink': AppContainer;
  readonly 'web-ui': AppContainer;
}

/** Clicks through the containers into both stores, while each container is stopped once. */
export async function runPipeline(apps: Apps, stack: LocalStack, checklist: Checklist): Promise<void> {
  await checklist.require('all four run', async () => {
    await Promise.all(Object.values(apps).map((app: AppContainer) => app.start()));
    return undefined;
  });
  await checklist.check('web-ui: serves the page and a live connection', () => servesPage(apps['web-ui']));
  const clicks = new Clicks(apps['collector-api'].url);
  try {
    for (const app of [apps['web-ui'], apps['es-sink'], apps['hdfs-sink']]) {
      await checklist.check(
        `${app.app}: SIGTERM under load ends it with 0, and it starts again`,
        async () => {
          await clicks.advance(CLICKS_BETWEEN_STOPS);
          const outcome = await stopped(app);
          await app.start();
          return outcome;
        },
      );
    }
    await checklist.check('collector-api: SIGTERM under load ends it with 0', async () => {
      await clicks.advance(CLICKS_BETWEEN_STOPS);
      return stopped(apps['collector-api']);
    });
  } finally {
    await clicks.stop();
  }
  await checklist.check('nothing is lost and nothing is double', () =>
    auditClicks(stack, clicks.acknowledged),
  );
}

/** Leaves a live connection open, as a browser would: it must not keep the container from stopping. */
async function servesPage({ url }: AppContainer): Promise<string> {
  const page = await fetch(url);
  const text = await page.text();
  if (!page.ok || !text.includes('<html'))
    throw new Error(`${url} answers ${page.status} ${text.slice(0, 80)}`);
  const live = await fetch(`${url}/v1/live`);
  const first = await live.body?.getReader().read();
  if (!live.ok || first?.value === undefined) throw new Error(`${url}/v1/live answers ${live.status}`);
  return `${text.length} characters of HTML`;
}
