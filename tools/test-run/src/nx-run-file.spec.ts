import { describe, expect, it } from '@jest/globals';
import { parseReport } from './counts.ts';
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

  it('is read as the report of a suite', () => {
    const report = { passed: 3, failed: 1, failures: [{ test: 'a.spec.ts › works', message: 'no' }] };
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    '',
    '[]',
    '{"passed":3,"failures":[]}',
    '{"passed":-1,"failed":0,"failures":[]}',
    '{"passed":"3","failed":0,"failures":[]}',
    '{"passed":3,"failed":1}',
    '{"passed":3,"failed":1,"failures":["a.spec.ts"]}',
  ])('is no report in another shape: %s', (text) => {
    expect(parseReport(text)).toBeUndefined();
  });
});
