import { type Socket } from 'node:net';

/** The most bytes that say how long a packet is. Source: MQTT 3.1.1 §2.2.3. */
const MOST_LENGTH_BYTES = 4;

/**
 * Follows the fixed headers in the bytes of a connection. The parser behind it collects a packet until it is complete, whatever
 * length it claims: up to 256 MB.
 */
export class PacketLimit {
  /** Bytes of the packet that are still to come; undefined within a header. */
  private left: number | undefined;
  private length = 0;
  private lengthBytes = -1;

  constructor(private readonly maxBytes: number) {}

  /** @returns whether no packet in these bytes claims more than the limit. */
  allows(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.left !== undefined) {
        const taken = Math.min(this.left, bytes.length - at);
        at += taken;
        this.left = this.left === taken ? undefined : this.left - taken;
      } else if (!this.header(bytes[at++]!)) return false;
    }
    return true;
  }

  private header(byte: number): boolean {
    if (this.lengthBytes < 0) {
      this.lengthBytes = this.length = 0;
      return true;
    }
    this.length += (byte & 0x7f) * 0x80 ** this.lengthBytes;
    this.lengthBytes += 1;
    if (this.length > this.maxBytes) return false;
    if ((byte & 0x80) !== 0) return this.lengthBytes < MOST_LENGTH_BYTES;
    this.lengthBytes = -1;
    if (this.length > 0) this.left = this.length;
    return true;
  }
}

/** Ends a connection before a packet of more bytes is collected. The reader of the socket must call its `read`, as aedes does. */
export function limitPackets(socket: Socket, maxBytes: number, onExceeded: () => void): void {
  const limit = new PacketLimit(maxBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    const bytes = read(size) as Buffer | null;
    if (bytes === null || limit.allows(bytes)) return bytes;
    onExceeded();
    socket.destroy();
    return null;
  };
}
