import { delimiter, join } from 'node:path';
import { type JavaParts, javaParts } from '@pipeline/local-stack';
import { type ProgramCommand } from '../../contestant.ts';
import { PeerBuild, peerFile } from '../peer-files.ts';
import { runTool } from '../run-tool.ts';

const FOLDER = peerFile('flume');
const HANDLER = join(FOLDER, 'EventHandler.java');
const HEAP = '-Xmx512m';

let parts: JavaParts | undefined;

const build = new PeerBuild({
  name: 'flume',
  sources: [HANDLER],
  build: (folder) => {
    const { javac, jars } = found();
    const args = ['-proc:none', '-cp', join(jars, '*'), '-d', folder, HANDLER];
    return runTool(javac, args, { cwd: FOLDER, missing: `there is no ${javac}` });
  },
});

/** Has the locked jars and the compiled handler in place; about a minute the first time. */
export async function prepareFlume(): Promise<void> {
  parts = await javaParts('flume');
  await build.once();
}

/** @param values of the variables in the configuration file. Flume must have been prepared. */
export function runFlume(configuration: string, values: Readonly<Record<string, string>>): ProgramCommand {
  const { java, jars } = found();
  return {
    command: java,
    args: [
      HEAP,
      `-Dlog4j.configuration=file:${join(FOLDER, 'log4j.properties')}`,
      '-cp',
      [build.folder, join(jars, '*')].join(delimiter),
      'org.apache.flume.node.Application',
      '--name',
      'bench',
      '--conf-file',
      join(FOLDER, configuration),
      '--no-reload-conf',
    ],
    environment: values,
  };
}

function found(): JavaParts {
  if (parts === undefined) throw new Error('Flume was not prepared');
  return parts;
}
