/** The rows that hdfs-sink published. */
export interface RowStore {
  /**
   * Fixes which files are read: all that lie there now.
   * @returns reads their rows, each without its line end, valid until `onRow` returns.
   */
  snapshot(): Promise<(onRow: (row: Buffer, path: string) => void) => Promise<void>>;
}
