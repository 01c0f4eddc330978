import { createHash, timingSafeEqual } from 'node:crypto';

/** Keys that a client needs to write. Compared as digests, each with all, so that time tells nothing about them. */
export class WriteKeys {
  private readonly digests: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.digests = keys.map(digestOf);
  }

  get areRequired(): boolean {
    return this.digests.length > 0;
  }

  has(key: string): boolean {
    const digest = digestOf(key);
    return this.digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
