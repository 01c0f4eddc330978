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
