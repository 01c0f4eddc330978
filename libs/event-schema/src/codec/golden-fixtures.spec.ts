import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { recordHeaders, recordKey } from '../record-parts.ts';
import { DecodeError } from './decode-error.ts';
import { decodeEvent } from './decode-event.ts';
import { jsonLine } from './json-line.ts';

const root = new URL('../../fixtures/', import.meta.url);
const versions = readdirSync(root);

describe.each(versions)('records of schema version %s', (version) => {
  const folder = new URL(`${version}/`, root);
  const sums = readFileSync(new URL('SHA256SUMS', folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  '));
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

  it('are frozen: each file has the checksum it was committed with', () => {
    const actual = names.map((name) => [
      createHash('sha256')
        .update(readFileSync(new URL(name, folder)))
        .digest('hex'),
      name,
    ]);
    expect(actual.sort()).toEqual(sums.sort());
  });

  it.each(names)('%s is decoded, and every field encodes to its own bytes again', (name) => {
    const value = readFileSync(new URL(name, folder));
    const event = decodeEvent(value);
    if (event instanceof DecodeError) throw event;
    expect(JSON.stringify(event)).toBe(value.toString());
    expect(jsonLine(value)).toBe(value);
    expect(recordKey(event, ['visitor_id', 'user_name'])).not.toBe('');
    expect(recordHeaders(event)).toEqual({ event_type: event.event_type, schema_version: version.slice(1) });
  });
});
