/** How to reach HDFS through WebHDFS. */
export interface HdfsConnection {
  /** NameNodes (or HttpFS), `http://host:port`, without a trailing slash; with high availability all of them. */
  readonly urls: readonly string[];
  /** HDFS user that owns the files. */
  readonly user: string;
  /** For everything but an upload. */
  readonly requestTimeoutMs: number;
  /** From the first byte of an upload's request to its answer. */
  readonly uploadTimeoutMs: number;
}

export const WEBHDFS_PATH = '/webhdfs/v1';
