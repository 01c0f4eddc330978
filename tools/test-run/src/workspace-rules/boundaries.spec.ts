import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { WORKSPACE } from '../workspace.ts';
import { projectGraph } from './project-graph.ts';

// The real configuration, without the rules that need types: no boundary does, and they cost seconds per project.
const eslint = new ESLint({ cwd: WORKSPACE, overrideConfig: tseslint.configs.disableTypeChecked });

/** What the linter says about a snippet, were it a source file of a project. */
async function complaints(project: string, code: string, file = 'snippet.ts'): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(WORKSPACE, project, 'src', file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const importing = (name: string) => `import * as thing from '${name}';\nexport { thing };\n`;
const BOUNDARY = expect.stringMatching(/^@nx\/enforce-module-boundaries: /);

describe('a boundary', () => {
  // The boundary rule reads the project graph that Nx keeps; a first run after `npm ci` has none yet.
  beforeAll(() => projectGraph(), 60_000);

  it.each([
    ['libs/event-schema', '@pipeline/config', 'a contract depends on contracts only'],
    ['libs/config', '@pipeline/kafka-transport', 'a util does not know the transport'],
    ['libs/kafka-transport', '@pipeline/sink-runtime', 'the transport does not know the platform'],
    ['libs/kafka-driver', '@pipeline/kafka-transport', 'the driver does not know the transport'],
    ['libs/kafka-wire', '@pipeline/kafka-driver', 'the bytes of the protocol do not know the driver'],
    ['libs/kafka-wire', '@pipeline/observability', 'the bytes of the protocol know nothing'],
    ['apps/es-sink', '@pipeline/kafka-driver', 'an app does not know the driver'],
    ['libs/sink-runtime', '@pipeline/kafka-wire', 'the platform has records from the transport'],
    ['tools/topics', '@pipeline/kafka-driver', 'a tool does not know the driver'],
    ['libs/sink-runtime', '@pipeline/testing', 'the platform does not know the tests'],
    ['libs/intake', '@pipeline/sink-runtime', 'what takes events does not know what stores them'],
    ['libs/sink-runtime', '@pipeline/intake', 'nor the other way round'],
    ['libs/kafka-transport', '@pipeline/intake', 'the transport does not know the intake'],
    ['tools/dlq', '@pipeline/intake', 'a tool does not know the intake'],
    ['apps/es-sink', '@pipeline/local-stack', 'an app does not know the tools'],
    ['apps/es-sink', '@pipeline/testing', 'an app does not know the tests'],
    ['apps/hdfs-sink', '@pipeline/testing/fake-stores', 'nor the stores that stand in for real ones'],
    ['tools/topics', '@pipeline/sink-runtime', 'a tool does not know the platform'],
    ['libs/testing', '@pipeline/sink-runtime', 'the test library does not know the platform'],
    ['apps/pipeline-e2e', '@pipeline/sink-runtime', 'the end-to-end specs do not know the platform'],
  ])('keeps %s from importing %s: %s', async (project, name) => {
    expect(await complaints(project, importing(name))).toContainEqual(BOUNDARY);
  });

  it.each([
    ['apps/web-ui', '@pipeline/es-sink', 'no-restricted-imports'],
    ['apps/collector-api', '@pipeline/hdfs-sink/src/main.ts', 'no-restricted-imports'],
    ['apps/es-sink', '../../hdfs-sink/src/app.module.ts', '@nx/enforce-module-boundaries'],
    ['libs/observability', '@pipeline/web-ui', 'no-restricted-imports'],
    ['apps/pipeline-e2e', '@pipeline/collector-api', 'no-restricted-imports'],
    ['apps/pipeline-e2e', '../../web-ui/src/main.ts', '@nx/enforce-module-boundaries'],
  ])('keeps %s from importing the app at %s', async (project, name, rule) => {
    expect(await complaints(project, importing(name))).toContainEqual(expect.stringMatching(`^${rule}: `));
  });

  it('keeps the inside of a library closed', async () => {
    const code = importing('@pipeline/config/src/setting.ts');
    expect(await complaints('apps/es-sink', code)).toContainEqual(
      expect.stringMatching('^no-restricted-imports: '),
    );
  });

  it.each(['apps/es-sink', 'apps/hdfs-sink'])(
    'lets only the specs of %s use the fake stores',
    async (app) => {
      const code = importing('@pipeline/testing/fake-stores');
      expect(await complaints(app, code, 'index/bulk.spec.ts')).toEqual([]);
      expect(await complaints(app, code, '../testing/records.fixture.ts')).toEqual([]);
      expect(await complaints(app, code, 'index/bulk-indexer.ts')).toContainEqual(BOUNDARY);
    },
  );

  it.each([
    ['apps/es-sink', '../testing/records.fixture.ts'],
    ['libs/sink-runtime', '@pipeline/observability/testing'],
  ])('lets only specs of %s import %s', async (project, name) => {
    const refused = expect.stringMatching('^no-restricted-imports: ');
    expect(await complaints(project, importing(name))).toContainEqual(refused);
    expect(await complaints(project, importing(name), 'a.spec.ts')).not.toContainEqual(refused);
    expect(await complaints(project, importing(name), '../testing/a.double.ts')).not.toContainEqual(refused);
  });

  it.each(['../../src/live/live-feed.ts', '../../src/app.module.ts'])(
    'keeps the browser from importing %s of the server',
    async (name) => {
      const [result] = await eslint.lintText(importing(name), {
        filePath: join(WORKSPACE, 'apps/web-ui/client/live/snippet.ts'),
      });
      expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('no-restricted-imports');
    },
  );

  it('lets specs of apps know neither the tools nor another app', async () => {
    for (const name of ['@pipeline/local-stack', '@pipeline/audit']) {
      expect(await complaints('apps/es-sink', importing(name), 'a.spec.ts')).toContainEqual(BOUNDARY);
    }
    const another = await complaints('apps/es-sink', importing('@pipeline/hdfs-sink'), 'a.spec.ts');
    expect(another).toContainEqual(expect.stringMatching('^no-restricted-imports: '));
  });

  it.each([
    [
      'kafkajs',
      [
        'apps/es-sink',
        'libs/sink-runtime',
        'libs/observability',
        'libs/kafka-transport',
        'libs/kafka-wire',
        'libs/testing',
        'tools/topics',
        'apps/pipeline-e2e',
      ],
    ],
    ['lz4-napi', ['libs/kafka-driver', 'apps/hdfs-sink']],
    ['snappyjs', ['libs/kafka-transport', 'libs/kafka-driver']],
    [
      '@elastic/elasticsearch',
      ['apps/hdfs-sink', 'apps/web-ui', 'apps/collector-api', 'libs/sink-runtime', 'libs/testing'],
    ],
    ['@nestjs/elasticsearch', ['apps/hdfs-sink', 'apps/web-ui', 'libs/sink-runtime']],
    ['webhdfs', ['apps/es-sink', 'apps/web-ui', 'apps/collector-api', 'libs/sink-runtime', 'libs/testing']],
    ['@nestjs/common', ['libs/event-schema']],
    ['class-validator', ['libs/sink-runtime', 'apps/collector-api', 'apps/es-sink', 'tools/dlq']],
    ['zod', ['libs/event-schema', 'apps/web-ui', 'tools/audit']],
    ['pino', ['libs/kafka-transport', 'apps/es-sink']],
    ['protobufjs', ['libs/intake', 'apps/web-ui']],
    ['fastify', ['libs/kafka-transport', 'libs/intake', 'libs/event-schema', 'tools/dlq']],
  ])('keeps %s behind its one door', async (name, projects) => {
    for (const project of projects)
      expect(await complaints(project, importing(name))).toContainEqual(BOUNDARY);
  });

  it.each([
    ['libs/kafka-driver', 'kafkajs'],
    ['libs/kafka-wire', 'snappyjs'],
    ['apps/es-sink', '@elastic/elasticsearch'],
    ['apps/es-sink', '@nestjs/elasticsearch'],
    ['apps/hdfs-sink', 'webhdfs'],
    ['apps/hdfs-sink', '@pipeline/sink-runtime'],
    ['apps/collector-api', '@pipeline/intake'],
    ['apps/collector-api', 'protobufjs'],
    ['apps/collector-api', '@opentelemetry/sdk-logs'],
    ['libs/observability', '@opentelemetry/exporter-trace-otlp-http'],
    ['apps/pipeline-e2e', '@pipeline/testing'],
  ])('lets %s import %s', async (project, name) => {
    expect(await complaints(project, importing(name))).not.toContainEqual(BOUNDARY);
  });

  it.each([
    ['export const port = process.env.PORT;\n', 'no-restricted-properties'],
    ["export const port = process['env'].PORT;\n", 'no-restricted-properties'],
    ['const { env } = process;\nexport { env };\n', 'no-restricted-properties'],
    ['export const port = globalThis.process.env.PORT;\n', 'no-restricted-syntax'],
    ["import { env } from 'node:process';\nexport { env };\n", 'no-restricted-imports'],
  ])('leaves the environment to libs/config: %s', async (code, rule) => {
    for (const project of ['apps/es-sink', 'libs/observability', 'tools/topics']) {
      expect(await complaints(project, code)).toContainEqual(expect.stringMatching(`^${rule}: `));
    }
  });

  it('leaves the console to tools', async () => {
    const code = "console.log('here');\n";
    expect(await complaints('apps/es-sink', code)).toContainEqual(expect.stringMatching('^no-console: '));
    expect(await complaints('libs/config', code)).toContainEqual(expect.stringMatching('^no-console: '));
    expect(await complaints('tools/topics', code)).toEqual([]);
  });

  it.each([
    "it.skip('x', () => {});",
    "describe.only('x', () => {});",
    "it.todo('x');",
    "it.skip.each([1])('x', () => {});",
    "it.concurrent.only('x', () => {});",
    "xit('x', () => {});",
    "fit('x', () => {});",
    "fdescribe('x', () => {});",
  ])('lets no test be left out: %s', async (code) => {
    expect(await complaints('libs/config', `${code}\n`, 'a.spec.ts')).toContainEqual(
      expect.stringMatching('^no-restricted-syntax: '),
    );
  });
});
