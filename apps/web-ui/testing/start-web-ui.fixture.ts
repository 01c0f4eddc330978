import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type Environment } from '@pipeline/config';
import { KafkaBatchServer, OffsetReader, QueryClient, TopicReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { WebUiModule } from '../src/app.module.ts';
import { createAdapter } from '../src/http/create-adapter.ts';
import { serveClient } from '../src/http/serve-client.ts';
import { DEAD_LETTERS } from '../src/journey/dead-letters.ts';
import { MemoryDeadLetters } from './dead-letters.double.ts';
import { MemoryRefusals } from './refusals.double.ts';
import { REFUSALS } from '../src/journey/refusals.ts';
import { LiveFeed } from '../src/live/live-feed.ts';
import { HISTORY } from '../src/query/history.ts';
import { MemoryHistory } from './history.double.ts';
import { MemoryOffsetSource } from './offset-source.double.ts';
import { webUiSettings } from '../src/web-ui.config.ts';
import { MemoryTopicReader } from './topic-reader.double.ts';
import { MemoryBatchServer } from './batch-server.double.ts';

/** The whole app on a free port of the loopback, with fakes for Kafka and for what answers over it. */
export interface StartedWebUi {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly feed: LiveFeed;
  readonly history: MemoryHistory;
  readonly kafka: MemoryBatchServer;
  readonly broker: MemoryOffsetSource;
  readonly stop: () => Promise<void>;
}

const PAGE =
  '<!doctype html><meta name="collector-url" content="{{collector-url}}" /><script type="module" src="/assets/index-abc.js"></script>';

export async function startWebUi(environment: Environment = {}): Promise<StartedWebUi> {
  const config = webUiSettings.load(environment);
  const clientFolder = builtClient();
  const history = new MemoryHistory();
  const kafka = new MemoryBatchServer();
  const broker = new MemoryOffsetSource();
  const module = await Test.createTestingModule({
    imports: [WebUiModule.forRoot({ config, logger: createLogger('web-ui', 'silent'), clientFolder })],
  })
    .overrideProvider(HISTORY)
    .useValue(history)
    .overrideProvider(QueryClient)
    .useValue({ connect: () => undefined, close: () => Promise.resolve() })
    .overrideProvider(OffsetReader)
    .useValue(Object.assign(broker, { close: () => Promise.resolve() }))
    .overrideProvider(TopicReader)
    .useValue(new MemoryTopicReader())
    .overrideProvider(DEAD_LETTERS)
    .useValue(new MemoryDeadLetters())
    .overrideProvider(REFUSALS)
    .useValue(new MemoryRefusals())
    .overrideProvider(KafkaBatchServer)
    .useValue(kafka)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(createAdapter(config), { logger: false });
  app.connectMicroservice({ strategy: kafka });
  await serveClient(app, { clientFolder, collectorUrl: config.collectorPublicUrl });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const stop = async (): Promise<void> => {
    await app.close();
    rmSync(clientFolder, { recursive: true });
  };
  return { app, url: await app.getUrl(), feed: app.get(LiveFeed), history, kafka, broker, stop };
}

/** A folder as Vite leaves it, and a secret that must not be served. */
function builtClient(): string {
  const folder = mkdtempSync(join(tmpdir(), 'web-ui-'));
  mkdirSync(join(folder, 'assets'));
  const files = {
    'index.html': PAGE,
    'dashboard.html': PAGE.replace('index', 'dashboard'),
    'tag.js': 'window.tag=1',
    'favicon.svg': '<svg/>',
    'secret.txt': 'secret',
    'assets/index-abc.js': 'let plain',
    'assets/index-abc.js.br': 'brotli',
    'assets/index-abc.js.gz': 'gzip',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
