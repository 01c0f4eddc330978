import { randomUUID } from 'node:crypto';

/** What a page sends for one click. */
export interface ColorClick {
  readonly event_id: string;
  readonly event_type: 'select-color';
  readonly schema_version: 1;
  readonly user_name: string;
  readonly color_name: string;
  readonly visitor_id: string;
}

/** A click with an id of its own, by one of a hundred visitors, so that all partitions get some. */
export function colorClick(index = 0): ColorClick {
  return {
    event_id: randomUUID(),
    event_type: 'select-color',
    schema_version: 1,
    user_name: `visitor ${index % 100}`,
    color_name: 'green',
    visitor_id: `visitor-${index % 100}`,
  };
}

export function colorClicks(count: number): ColorClick[] {
  return Array.from({ length: count }, (_, index) => colorClick(index));
}

export function idsOf(clicks: readonly ColorClick[]): string[] {
  return clicks.map(({ event_id }) => event_id);
}
