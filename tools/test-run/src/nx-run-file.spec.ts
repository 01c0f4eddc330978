import { describe, expect, it } from '@jest/globals';
import { parseCounts } from './counts.ts';
import { parseNxRun } from './nx-run-file.ts';

const runFile = (status: unknown) =>
  JSON.stringify({
    tasks: [{ taskId: 'a:test', projectName: 'a', target: 'test', cacheStatus: 'cache-miss', status }],
  });

describe('what Nx and Jest leave behind', () => {
  it('is read as the outcome of each task', () => {
    expect(parseNxRun(runFile(0))).toEqual([{ project: 'a', target: 'test', succeeded: true }]);
    expect(parseNxRun(runFile(1))).toEqual([{ project: 'a', target: 'test', succeeded: false }]);
  });

  it.each(['', '{}', 'null', '{"tasks":[null]}', runFile(undefined)])(
    'is not believed in another shape: %s',
    (text) => {
      expect(parseNxRun(text)).toBeUndefined();
    },
  );

  it('is read as the counts of a suite', () => {
    expect(parseCounts('{"passed":3,"failed":1}')).toEqual({ passed: 3, failed: 1 });
  });

  it.each(['', '[]', '{"passed":3}', '{"passed":-1,"failed":0}', '{"passed":"3","failed":0}'])(
    'is no count in another shape: %s',
    (text) => {
      expect(parseCounts(text)).toBeUndefined();
    },
  );
});
