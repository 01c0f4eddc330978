import { serverVersions } from '@pipeline/local-stack';
import { Option, program } from 'commander';
import { RealPipeline } from './lag/real-pipeline.ts';
import { BuildView } from './programs/build-view.ts';
import { ProgramCache } from './programs/program-cache.ts';
import { versionLine } from './programs/versions.ts';
import { type CheckResult, resultLines, summaryLines } from './report/result.ts';
import { type Overlay, OVERLAYS, verifyOverlay } from './verify.ts';

interface Options {
  readonly overlay?: Overlay;
  readonly keda?: true;
  readonly buildOnly?: true;
}

async function run({ overlay, keda, buildOnly }: Options): Promise<void> {
  const startedAt = performance.now();
  const programs = new ProgramCache(keda === true);
  await programs.fill(new BuildView(process.stderr));
  if (buildOnly) return console.log(`${versionLine()} in ${programs.folder}`);
  const stop = new AbortController();
  // Not `once`: without a listener of ours a helper of child processes would end this one at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const results: CheckResult[] = [];
  const pipeline = keda ? await RealPipeline.start() : undefined;
  try {
    for (const each of overlay === undefined ? OVERLAYS : [overlay]) {
      const onResult = (result: CheckResult) => console.log(resultLines(result).join('\n'));
      results.push(...(await verifyOverlay(each, { programs, pipeline, onResult, stopping: stop.signal })));
    }
  } finally {
    await pipeline?.stop();
  }
  const versions = keda ? `${versionLine()}, ${serverVersions()}` : versionLine();
  console.log(summaryLines({ results, versions, totalMs: performance.now() - startedAt }).join('\n'));
  const holds = results.every(({ failure }) => failure === undefined) && !stop.signal.aborted;
  process.exitCode = holds ? 0 : 1;
}

await program
  .name('npm run verify:k8s --')
  .description(
    'Applies the overlays to a real control plane with simulated nodes, and scales, updates and drains them.',
  )
  .addOption(new Option('--overlay <name>', 'only this one').choices(OVERLAYS))
  .option('--keda', 'also build and run KEDA, and follow the lag of real sinks on a real broker')
  .option('--build-only', 'build the programs and go')
  .action((options: Options) =>
    run(options).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }),
  )
  .parseAsync();
