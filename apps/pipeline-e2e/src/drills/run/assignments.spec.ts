import { describe, expect, it } from '@jest/globals';
import { assignmentOf, partitionCount } from './assignments.ts';

const assigned = (partitions: object) =>
  JSON.stringify({ level: 'info', partitions, msg: 'partitions assigned' });

describe('what a replica owns', () => {
  it('is what its log said last', () => {
    const output = [assigned({ clicks: [0, 1, 2] }), '{"msg":"file published"}', assigned({ clicks: [1] })];
    expect(assignmentOf({ output })).toEqual({ clicks: [1] });
    expect(assignmentOf({ output: [] })).toBeUndefined();
  });

  it('is counted over all topics', () => {
    expect(partitionCount({ clicks: [0, 2], views: [1] })).toBe(3);
    expect(partitionCount({})).toBe(0);
  });
});
