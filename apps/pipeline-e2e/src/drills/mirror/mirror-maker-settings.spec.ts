import { readFile } from 'node:fs/promises';
import { allTopics, TOPICS } from '@pipeline/event-schema';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { COLLECTED, SETTINGS_FILE } from './second-cluster.ts';

describe('the settings of MirrorMaker that are deployed', () => {
  let text: string;
  beforeAll(async () => {
    text = await readFile(SETTINGS_FILE, 'utf8');
  });

  const setting = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(text)?.[1] ?? '';

  it('mirror what is collected, and no dead letters, queries or status', () => {
    const topics = new RegExp(`^${setting('topics')}$`);
    const names = allTopics().map(({ name }) => name);
    expect(names.filter((name) => topics.test(name)).sort()).toEqual([...COLLECTED].sort());
  });

  it('have a task for each partition of an event topic', () => {
    const partitions = Object.values(TOPICS).map((topic) => topic.partitions);
    expect(Number(setting('tasks[.]max'))).toBe(Math.max(...partitions));
  });

  it('let no timestamp type be copied, which would give records the time of their second append', () => {
    const patterns = setting('config[.]properties[.]exclude').split(/,\s*/);
    expect(patterns.some((pattern) => new RegExp(`^${pattern}$`).test('message.timestamp.type'))).toBe(true);
  });

  it('move no group of the second cluster over records that it has not stored', () => {
    expect(setting('sync[.]group[.]offsets[.]enabled')).toBe('false');
  });
});
