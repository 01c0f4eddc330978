import { JsonCursor } from './json-cursor.ts';

export interface SearchPage {
  readonly hits: number;
  /** Names the same point in time for the next page. */
  readonly pit: string | undefined;
  /** Where the next page starts: raw JSON of the last hit's sort values. */
  readonly searchAfter: string | undefined;
}

/** Hands over the documents of one search answer, their sources as the bytes that were indexed. */
export function readSearchPage(
  answer: Buffer,
  onDocument: (id: string, source: Buffer, index: string) => void,
): SearchPage {
  const cursor = new JsonCursor(answer);
  let hits = 0;
  let pit: string | undefined;
  let searchAfter: string | undefined;
  const readHit = () => {
    let id = '';
    let index = '';
    let source: Buffer = Buffer.alloc(0);
    cursor.object((name) => {
      if (name === '_id') id = cursor.text();
      else if (name === '_index') index = cursor.text();
      else if (name === '_source') source = cursor.slice();
      else if (name === 'sort') searchAfter = cursor.slice().toString();
      else cursor.slice();
    });
    hits += 1;
    onDocument(id, source, index);
  };
  cursor.object((name) => {
    if (name === 'pit_id') pit = cursor.text();
    else if (name !== 'hits') cursor.slice();
    else {
      cursor.object((inner) => (inner === 'hits' ? cursor.list(readHit) : void cursor.slice()));
    }
  });
  return { hits, pit, searchAfter };
}
