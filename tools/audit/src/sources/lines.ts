const LINE_FEED = 0x0a;

/**
 * Cuts a stream of bytes into lines without copying them, except where a line crosses a chunk's border. An empty line
 * is none; what stands behind the last line end is a line.
 * @param onLine the line is valid until it returns.
 */
export async function eachLine(bytes: AsyncIterable<Buffer>, onLine: (line: Buffer) => void): Promise<void> {
  let rest: Buffer[] = [];
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const piece = chunk.subarray(start, end);
      const line = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      if (line.length > 0) onLine(line);
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) onLine(Buffer.concat(rest));
}
