import { lookup } from 'node:dns/promises';
import { type FileStoreError, type FileStoreErrorCode } from './file-store-error.ts';

const EXCLUDED_MS = 60_000;
const AT_MOST = 8;

/** Failures that another DataNode may not have. */
const OF_THE_DATA_NODE: ReadonlySet<FileStoreErrorCode> = new Set<FileStoreErrorCode>([
  'timeout',
  'broken-connection',
  'unavailable',
]);

/**
 * DataNodes on which an upload failed lately: the NameNode is asked not to choose them again, for it may believe for
 * ten minutes that a dead one lives. As soon as it finds no other one, none is excluded any more.
 */
export class ExcludedDataNodes {
  private readonly until = new Map<string, number>();

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** Query parameters of the next upload. */
  parameter(): { readonly excludedatanodes?: string } {
    for (const [address, untilMs] of this.until) if (untilMs <= this.nowMs()) this.until.delete(address);
    return this.until.size === 0 ? {} : { excludedatanodes: [...this.until.keys()].join(',') };
  }

  /** Looks at an upload that failed; `location` is where the NameNode had sent it, if it came so far. */
  async judge({ code }: FileStoreError, location: string | undefined): Promise<void> {
    if (location === undefined) {
      if (code === 'unexpected') this.until.clear();
      return;
    }
    if (!OF_THE_DATA_NODE.has(code)) return;
    if (this.until.size >= AT_MOST) this.until.clear();
    this.until.set(await addressOf(new URL(location).hostname), this.nowMs() + EXCLUDED_MS);
  }
}

/** The NameNode knows DataNodes by address. */
async function addressOf(host: string): Promise<string> {
  return lookup(host).then(
    ({ address }) => address,
    () => host,
  );
}
