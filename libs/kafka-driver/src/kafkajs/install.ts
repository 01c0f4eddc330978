import { CODEC, COMPRESSIONS, compressor, inflateAtMost } from '@pipeline/kafka-wire';
import { kafkajs, privateModule } from './kafkajs.ts';
import { waitLessWhilePaused } from './fetch-wait-patch.ts';
import { receiveInPlace } from './receive-patch.ts';
import { stopIdleTimerLoop } from './request-queue-patch.ts';

/** The only version whose private modules are known here. */
const VERSION = '2.2.4';

/**
 * The most that kafkajs may inflate at once. It gets to inflate nothing but what is older than record batches: all
 * others are read by kafka-wire, piece by piece.
 */
const KAFKAJS_MOST_BYTES = 16 << 20;

let installed = false;

/**
 * Changes kafkajs for the whole process, once: codecs, and three of its classes, of which it makes objects that no caller
 * can reach. What can be changed for one client alone is ({@link tapRequests}). Every client of this package calls it first.
 * @throws Error if the kafkajs that was found is not version 2.2.4.
 */
export function install(): void {
  if (installed) return;
  assertVersion(privateModule('package.json').version);
  registerCodecs();
  stopIdleTimerLoop();
  receiveInPlace();
  waitLessWhilePaused();
  installed = true;
}

export function assertVersion(version: string): void {
  if (version === VERSION) return;
  throw new Error(`kafkajs ${version} was found: the patches of kafka-driver are for ${VERSION} alone`);
}

/**
 * A consumer needs all codecs, whatever our own producers use: a record batch in an unknown codec ends a kafkajs consumer
 * for good. Its own gzip would inflate without a limit.
 */
function registerCodecs(): void {
  for (const name of COMPRESSIONS) {
    if (name === 'none') continue;
    const codec = {
      compress: ({ buffer }: { readonly buffer: Buffer }) => compressor(name)!(buffer),
      decompress: (buffer: Buffer) => inflateAtMost(CODEC[name], buffer, KAFKAJS_MOST_BYTES),
    };
    kafkajs.CompressionCodecs[CODEC[name]] = () => codec;
  }
}
