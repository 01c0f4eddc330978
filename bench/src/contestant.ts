/** What is measured: the product, a program that does the same and nothing else, or a product of others. */
export type Kind = 'ours' | 'floor' | 'peer';

/** A program that takes part in a leg. */
export interface Contestant {
  readonly name: string;
  readonly kind: Kind;
  /** What it promises about loss and duplicates, in a few words. */
  readonly guarantee: string;
  /** Of what others have made. */
  readonly version?: string;
  /**
   * Fetches or builds what it needs; runs before anything is measured, and may take minutes the first time.
   * @throws why it cannot take part. A peer is then left out, and the report says so.
   */
  prepare?(): Promise<void>;
}

/** How to run a program. */
export interface ProgramCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Beside `PATH` and `HOME`. */
  readonly environment?: Readonly<Record<string, string>>;
}
