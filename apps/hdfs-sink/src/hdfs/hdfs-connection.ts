import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { FileStoreError } from './file-store-error.ts';

/** How to reach HDFS through WebHDFS. */
export interface HdfsConnection {
  /** NameNodes (or HttpFS), `http://host:port`, without a trailing slash; with high availability all of them. */
  readonly urls: readonly string[];
  /** HDFS user that owns the files; where there is a token, the token says who that is. */
  readonly user: string;
  /** The delegation token of a cluster with Kerberos. Asked for at every request, because a token ends. */
  readonly delegationToken?: (() => Promise<string>) | undefined;
  /** PEM of the authority that signed the servers of `https` URLs; absent: the system's. */
  readonly ca?: string | undefined;
  /** For everything but an upload. */
  readonly requestTimeoutMs: number;
  /** From the first byte of an upload's request to its answer. */
  readonly uploadTimeoutMs: number;
}

export const WEBHDFS_PATH = '/webhdfs/v1';

/** What a request says of its sender. */
export async function loginOf({ user, delegationToken }: HdfsConnection): Promise<Record<string, string>> {
  return delegationToken ? { delegation: await delegationToken() } : { 'user.name': user };
}

/** What a connection needs of the app's settings. */
export interface HdfsSettings {
  readonly webHdfsUrls: readonly string[];
  readonly webHdfsUser: string;
  readonly webHdfsDelegationToken: string;
  readonly webHdfsDelegationTokenFile: string;
  readonly webHdfsCa: string;
  readonly requestTimeoutMs: number;
  readonly uploadTimeoutMs: number;
}

/** @throws Error when the file of the authority cannot be read. */
export function hdfsConnection(settings: HdfsSettings): HdfsConnection {
  const { webHdfsUrls: urls, webHdfsUser: user, webHdfsCa, requestTimeoutMs, uploadTimeoutMs } = settings;
  const ca = webHdfsCa === '' ? undefined : readFileSync(webHdfsCa, 'utf8');
  return { urls, user, delegationToken: delegationToken(settings), ca, requestTimeoutMs, uploadTimeoutMs };
}

/** How to get at the token of a cluster with Kerberos; nothing where the settings name none. */
function delegationToken({
  webHdfsDelegationToken: token,
  webHdfsDelegationTokenFile: file,
}: HdfsSettings): HdfsConnection['delegationToken'] {
  if (file !== '') return tokenInFile(file);
  return token === '' ? undefined : () => Promise.resolve(token);
}

/**
 * A token out of a file that somebody else renews: read again for every request, so that a renewed token needs no
 * restart and a missing one is an error of the store, which the sink outlives.
 * @throws FileStoreError `permission` when the file cannot be read or is empty.
 */
function tokenInFile(path: string): () => Promise<string> {
  return async () => {
    const token = (await read(path)).trim();
    if (token === '') throw new FileStoreError('permission', `The delegation token in ${path} is empty`);
    return token;
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new FileStoreError('permission', `The delegation token in ${path} cannot be read`, {
      cause: error,
    });
  }
}
