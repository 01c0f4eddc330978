import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Makes a tracer in a process of its own and prints which packages of the SDK were looked for. */
const SCRIPT = `
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    if (/^@opentelemetry\\/(sdk|exporter)/.test(specifier)) loaded.add(specifier);
    return next(specifier, context);
  },
});
const { createTracer } = await import(${JSON.stringify(join(import.meta.dirname, 'create-tracer.ts'))});
const logger = { warn() {} };
const settings = { tracesEndpoint: process.argv[1] ?? '', tracesHeaders: {}, tracesSampler: 'always_on', tracesService: '', tracesResource: {}, tracesDelayMs: 5000 };
await createTracer('spec', settings, logger);
console.log(JSON.stringify([...loaded].sort()));
process.exit(0);
`;

async function loadedWith(...endpoint: string[]): Promise<unknown> {
  const flags = [
    '--conditions=@pipeline/source',
    '--experimental-transform-types',
    '--input-type=module',
    '--disable-warning=ExperimentalWarning',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', SCRIPT, ...endpoint]);
  return JSON.parse(stdout);
}

describe('a process that does not trace', () => {
  it('loads nothing of OpenTelemetry’s SDK', async () => {
    expect(await loadedWith()).toEqual([]);
  });

  it('would, with an endpoint', async () => {
    expect(await loadedWith('http://127.0.0.1:4318')).toEqual(
      expect.arrayContaining(['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/sdk-trace']),
    );
  });
});
