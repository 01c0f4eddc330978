import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { addressRows, tableText } from './address-table.ts';
import { fieldsText, parseAppLine, parseServerLine } from './log-line.ts';
import { LogView } from './log-view.ts';
import { readyText } from './ready-text.ts';

const NOON = new Date(2026, 0, 1, 12, 0, 0);

describe('a log line of an app', () => {
  it('shows time, level, message and fields, without what every line has', () => {
    const at = new Date(2026, 10, 22, 9, 5, 7);
    const line = JSON.stringify({
      level: 'warn',
      time: at,
      app: 'es-sink',
      partition: 2,
      msg: 'partition held',
    });
    expect(parseAppLine(line)).toEqual({
      time: '09:05:07',
      level: 'warn',
      message: 'partition held',
      fields: { partition: 2 },
    });
  });

  it.each(['Debugger attached.', '{"cut":', '[1]', '42'])(
    'is shown as it is when it is no JSON object: %s',
    (line) => {
      expect(parseAppLine(line, NOON)).toEqual({
        time: '12:00:00',
        level: 'info',
        message: line,
        fields: {},
      });
    },
  );

  it('shortens errors to their message and quotes text with spaces', () => {
    const fields = {
      topic: 'select-color',
      reason: 'not a colour',
      offset: 7,
      err: { message: 'gone', stack: '…' },
    };
    expect(fieldsText(fields)).toBe('topic=select-color reason="not a colour" offset=7 err="gone"');
  });
});

describe('a log line of a server', () => {
  it.each([
    ['2026-11-22T16:05:06,848 WARN  Broker - slow disk', 'warn', 'Broker - slow disk'],
    ['2026-11-22 16:23:28,473 ERROR NameNode - no space', 'error', 'NameNode - no space'],
    ['2026-11-22 16:23:28,473 FATAL NameNode - no space', 'error', 'NameNode - no space'],
  ])('is shown when it is a warning or an error: %s', (line, level, message) => {
    expect(parseServerLine(line)).toMatchObject({ level, message });
  });

  it('is shown when it is the last word of a virtual machine', () => {
    expect(
      parseServerLine('Terminating due to java.lang.OutOfMemoryError: Java heap space', NOON)?.level,
    ).toBe('error');
    expect(parseServerLine('Exception in thread "main" java.lang.Error', NOON)?.level).toBe('error');
  });

  it.each(['2026-11-22T16:05:06,848 INFO  Broker - started', '\tat java.base/java.lang.Thread.run', ''])(
    'is left to the log file otherwise: %j',
    (line) => {
      expect(parseServerLine(line)).toBeUndefined();
    },
  );
});

describe('the stream of all parts', () => {
  const view = new LogView(['kafka']);
  const plain = (part: string, line: string) =>
    stripVTControlCharacters(view.render(part, line) ?? 'nothing');

  it('puts the part before each line, aligned', () => {
    expect(plain('web-ui', '{"level":"info","time":"no time","msg":"app started"}')).toMatch(
      /^web-ui {8}\| \d\d:\d\d:\d\d info {2}app started$/,
    );
    expect(plain('kafka', '2026-11-22T16:05:06,848 WARN  Broker - slow disk')).toBe(
      'kafka         | 16:05:06 warn  Broker - slow disk',
    );
    expect(plain('kafka', '2026-11-22T16:05:06,848 INFO  Broker - started')).toBe('nothing');
  });

  it('cuts what would fill the screen', () => {
    expect(plain('web-ui', 'x'.repeat(5_000)).length).toBeLessThan(500);
  });
});

describe('the table of addresses', () => {
  const stack = {
    kafkaBrokers: ['127.0.0.1:9092', '127.0.0.1:9093'],
    webHdfsUrl: 'http://127.0.0.1:9870',
    hdfsUrl: 'hdfs://127.0.0.1:8020',
    elasticsearchUrl: 'http://127.0.0.1:9200',
  };
  const apps = [
    { app: 'es-sink', url: 'http://localhost:3003' },
    { app: 'web-ui', url: 'http://localhost:3000' },
  ];

  it('begins with the page and names every broker and store', () => {
    expect(addressRows({ ...stack, apps })).toEqual([
      ['Page: click a colour', 'http://localhost:3000'],
      ['Dashboard', 'http://localhost:3000/dashboard'],
      ['Elasticsearch sink: metrics', 'http://localhost:3003/metrics'],
      ['Kafka', '127.0.0.1:9092, 127.0.0.1:9093'],
      ['HDFS over HTTP (WebHDFS)', 'http://127.0.0.1:9870/webhdfs/v1'],
      ['HDFS for Hadoop clients', 'hdfs://127.0.0.1:8020'],
      ['Elasticsearch', 'http://127.0.0.1:9200'],
    ]);
  });

  it('draws one line per address', () => {
    const text = stripVTControlCharacters(tableText(addressRows({ ...stack, apps: [] })));
    expect(text.split('\n')).toHaveLength(6);
    expect(text).toContain('│ Elasticsearch            │ http://127.0.0.1:9200 ');
  });

  it('says how long it took and how much memory is in use', () => {
    expect(readyText(23_449, 1.55 * 1_024 ** 3)).toBe(
      'Ready in 23.4 s, 1.6 GiB of memory in use. Ctrl-C stops everything.',
    );
    expect(readyText(900, 300 * 1_024 ** 2)).toContain('0.9 s, 300 MiB');
  });
});
