import { describe, expect, it } from '@jest/globals';
import { parseHiveOutput } from './hive-output.ts';

describe('what Hive prints', () => {
  it('is a result per statement that has one, with its columns, its rows and empty values', () => {
    expect(parseHiveOutput('#\tcolor\tn\nred\t2\n\tNULL\n#\tn\n')).toEqual([
      {
        columns: ['color', 'n'],
        rows: [
          ['red', '2'],
          ['', 'NULL'],
        ],
      },
      { columns: ['n'], rows: [] },
    ]);
  });

  it('is nothing where no statement has a result', () => {
    expect(parseHiveOutput('')).toEqual([]);
  });
});
