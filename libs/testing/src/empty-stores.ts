import { type LocalStack } from '@pipeline/local-stack';

type Stores = Pick<LocalStack, 'webHdfsUrl' | 'elasticsearchUrl'>;

/** Removes all files of the pipeline and all indices of a topic. */
export async function emptyStores(stack: Stores, topic: string): Promise<void> {
  await deleteFolder(stack, '/pipeline');
  for (const index of await indicesOf(stack, topic)) await deleteIndex(stack, index);
}

export async function deleteFolder({ webHdfsUrl }: Stores, path: string): Promise<void> {
  const query = 'op=DELETE&recursive=true&user.name=pipeline';
  await fetchOk(`${webHdfsUrl}/webhdfs/v1${path}?${query}`, { method: 'DELETE' });
}

export async function indicesOf({ elasticsearchUrl }: Stores, topic: string): Promise<string[]> {
  const answer = await fetchOk(`${elasticsearchUrl}/${topic}-*/_settings?filter_path=*.settings.index.uuid`);
  return Object.keys((await answer.json()) as Record<string, unknown>);
}

export async function deleteIndex({ elasticsearchUrl }: Stores, index: string): Promise<void> {
  await fetchOk(`${elasticsearchUrl}/${index}`, { method: 'DELETE' });
}

/** An HTTP call that must succeed. @throws an error with what was answered instead. */
export async function fetchOk(url: string, request: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, request);
  if (!answer.ok)
    throw new Error(`${request.method ?? 'GET'} ${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
