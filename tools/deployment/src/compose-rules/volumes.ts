import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COMPOSE_FOLDER } from '../compose.ts';
import { type ComposeRule, ofEach } from './compose-rule.ts';

/** What is mounted is there: a folder of the repository, or a named volume. */
export const volumesExist: ComposeRule = ({ services, volumes = {} }) =>
  ofEach(services, ({ volumes: mounts = [] }) =>
    mounts
      .map((mount) => mount.split(':')[0] ?? '')
      .filter((source) =>
        source.startsWith('.') ? !existsSync(join(COMPOSE_FOLDER, source)) : !(source in volumes),
      )
      .map((source) => `mounts ${source}, which is not there`),
  );
