import { FileStoreError } from './file-store-error.ts';

/** The NameNodes of one cluster, of which one is active: remembers which one answered last. */
export class NameNodes {
  private current = 0;

  constructor(private readonly urls: readonly string[]) {}

  /**
   * Asks the active NameNode. Goes on to the next one only after an answer that proves that nothing was applied;
   * after any other failure to answer, the next call starts elsewhere.
   */
  async ask<T>(request: (url: string) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const index = this.current;
      try {
        return await request(this.urls[index]!);
      } catch (error) {
        if (!(error instanceof FileStoreError) || !isAboutTheServer(error)) throw error;
        if (this.current === index) this.current = (index + 1) % this.urls.length;
        if (!error.notApplied || attempt >= this.urls.length) throw error;
      }
    }
  }
}

function isAboutTheServer({ code, notApplied }: FileStoreError): boolean {
  return notApplied || code === 'timeout' || code === 'broken-connection';
}
