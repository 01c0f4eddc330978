import { request } from 'node:http';
import { loader } from './loader.ts';
import { storedRows } from './rows.ts';

const LINE_FEED = Buffer.from('\n');

/** The floor of HDFS: one file of the same rows, uploaded as `curl -T` does it, one stream, nothing else. */
await loader(({ url, topic, target, count }) => {
  const lines: Buffer[] = [];
  for (const { row } of storedRows(topic, count)) lines.push(row, LINE_FEED);
  const body = Buffer.concat(lines);
  return async () => {
    const path = `/webhdfs/v1${target}/upload.jsonl?op=CREATE&overwrite=true&user.name=pipeline`;
    const { location } = await put(`${url}${path}`, Buffer.alloc(0), 307);
    await put(location, body, 201);
  };
});

function put(url: string, body: Buffer, wanted: number): Promise<{ location: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'PUT', headers: { 'content-length': body.length } }, (answer) => {
      answer.resume();
      if (answer.statusCode !== wanted) reject(new Error(`${url} answered ${answer.statusCode}`));
      else answer.once('end', () => resolve({ location: answer.headers.location ?? '' }));
    });
    call.once('error', reject);
    call.end(body);
  });
}
