import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramCommand } from '../../contestant.ts';
import { PeerBuild, peerFile } from '../peer-files.ts';
import { runTool } from '../run-tool.ts';

const FOLDER = peerFile('telegraf');
const SOURCES = ['go.mod', 'go.sum', 'main.go', 'root_answer.go'].map((name) => join(FOLDER, name));

/** go.sum holds the checksum of each module; a build that would need another one fails. */
const build = new PeerBuild({
  name: 'telegraf',
  sources: SOURCES,
  build: (folder) =>
    runTool(
      'go',
      ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', join(folder, 'telegraf'), '.'],
      { cwd: FOLDER, missing: 'Telegraf is built with Go 1.25.5 or newer, which is not on the PATH' },
    ),
});

/** As locked in its `go.mod`. */
export const TELEGRAF_VERSION = /influxdata\/telegraf v(\S+)/.exec(readFileSync(SOURCES[0]!, 'utf8'))![1]!;

/** Five to ten minutes the first time. */
export function prepareTelegraf(): Promise<void> {
  return build.once();
}

/** @param values of the variables in the configuration file. */
export function runTelegraf(configuration: string, values: Readonly<Record<string, string>>): ProgramCommand {
  return telegraf(['run', join(FOLDER, configuration)], values);
}

/** Any command of the program that was built. */
export function telegraf(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ProgramCommand {
  return { command: join(build.folder, 'telegraf'), args, environment };
}

/** A list as it is in a TOML file, without its brackets. */
export function tomlList(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join();
}
