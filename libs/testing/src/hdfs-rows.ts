import { type LocalStack } from '@pipeline/local-stack';
import { gunzipSync } from 'node:zlib';

type Hdfs = Pick<LocalStack, 'webHdfsUrl'>;
type Shell = Pick<LocalStack, 'hadoop'>;

/** A line of a published file. */
export interface HdfsRow extends Readonly<Record<string, unknown>> {
  readonly event_id?: unknown;
}

interface FileStatus {
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY';
}

/** What Hadoop's own shell prints for `-cat <glob>`, byte for byte. Takes seconds: a virtual machine starts for it. */
export async function hdfsCat(stack: Shell, glob: string): Promise<string> {
  return stack.hadoop('org.apache.hadoop.fs.FsShell', ['-cat', glob]);
}

/** The paths of all published files of a topic, sorted. */
export async function listHdfsFiles(stack: Hdfs, topic: string): Promise<string[]> {
  return (await listFiles(stack, `/pipeline/${topic}`)).sort();
}

/** All rows of a topic, in the order of the file names, read over WebHDFS. A topic without files has none. */
export async function readHdfsRows(stack: Hdfs, topic: string): Promise<HdfsRow[]> {
  const rows: HdfsRow[] = [];
  for (const path of await listHdfsFiles(stack, topic)) {
    const lines = (await readHdfsFile(stack, path)).toString('utf8').split('\n');
    rows.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as HdfsRow));
  }
  return rows;
}

/** The content of a file; of a `.gz` what is packed in it. */
export async function readHdfsFile(stack: Hdfs, path: string): Promise<Buffer> {
  const response = await call(stack, path, 'OPEN');
  if (response === undefined) throw new Error(`${path} is not there`);
  const content = Buffer.from(await response.arrayBuffer());
  return path.endsWith('.gz') ? gunzipSync(content) : content;
}

async function listFiles(stack: Hdfs, folder: string): Promise<string[]> {
  const response = await call(stack, folder, 'LISTSTATUS');
  if (response === undefined) return [];
  const { FileStatuses } = (await response.json()) as { FileStatuses: { FileStatus: FileStatus[] } };
  const lists = FileStatuses.FileStatus.map(async ({ pathSuffix, type }) => {
    const path = `${folder}/${pathSuffix}`;
    return type === 'DIRECTORY' ? listFiles(stack, path) : [path];
  });
  return (await Promise.all(lists)).flat();
}

/** @returns undefined when the path does not exist. */
async function call({ webHdfsUrl }: Hdfs, path: string, operation: string): Promise<Response | undefined> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const response = await fetch(`${webHdfsUrl}/webhdfs/v1${encoded}?op=${operation}`);
  if (response.ok) return response;
  if (response.status === 404) return undefined;
  throw new Error(`${operation} ${path} answered ${response.status}: ${await response.text()}`);
}
