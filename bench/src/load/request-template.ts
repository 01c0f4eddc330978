import { COLORS } from '@pipeline/event-schema';
import { eventId, numberOffsets, writeNumber } from './event-id.ts';

const VISITOR = '018f5d2a-7c1e-7b3a-9d55-';
/** Enough for every partition to get its part. */
const VISITORS = 500;

/** One POST as bytes, whose event and visitor ids are replaced in place for each use, so that sending costs next to nothing. */
export class RequestTemplate {
  readonly bytes: Buffer;
  private readonly idOffsets: readonly number[];
  private readonly visitorOffsets: readonly number[];

  /**
   * @param address host and path, such as `127.0.0.1:3001/v1/events`.
   * @param events of one request; 1 is sent as an object, more as an array.
   */
  constructor(address: string, events: number) {
    const [host, ...path] = address.split('/');
    const list = Array.from({ length: events }, (_, n) => JSON.stringify(clickOf(n)));
    const body = events === 1 ? list[0]! : `[${list.join(',')}]`;
    const head = [
      `POST /${path.join('/')} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    this.idOffsets = numberOffsets(this.bytes);
    this.visitorOffsets = numberOffsets(this.bytes, VISITOR);
  }

  /** A copy whose ids follow this number. */
  numbered(first: number): Buffer {
    const copy = Buffer.from(this.bytes);
    this.idOffsets.forEach((offset, n) => writeNumber(copy, offset, first + n));
    this.visitorOffsets.forEach((offset, n) => writeNumber(copy, offset, (first + n) % VISITORS));
    return copy;
  }
}

/** About 250 bytes, as our page sends it. */
function clickOf(n: number) {
  return {
    event_id: eventId(0),
    event_type: 'select-color',
    schema_version: 1,
    user_name: `visitor ${n}`,
    color_name: COLORS[n % COLORS.length],
    visitor_id: `${VISITOR}000000000000`,
    page_url: 'http://localhost:3000/',
  };
}
