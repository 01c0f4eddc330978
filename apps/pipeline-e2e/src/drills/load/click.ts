import { COLORS } from '@pipeline/event-schema';
import { type SeededRandom } from './seeded-random.ts';

const VISITORS = 500;

/** What a page sends for one click. */
export interface Click {
  readonly event_id: string;
  readonly event_type: 'select-color';
  readonly schema_version: 1;
  readonly user_name: string;
  readonly color_name: string;
  readonly visitor_id: string;
  readonly [field: string]: unknown;
}

/** The next click of a seed: one of {@link VISITORS} visitors picks a colour. */
export function nextClick(random: SeededRandom): Click {
  const visitor = random.between(1, VISITORS);
  return {
    event_id: random.uuid(),
    event_type: 'select-color',
    schema_version: 1,
    user_name: `visitor ${visitor}`,
    color_name: COLORS[random.between(0, COLORS.length - 1)] ?? COLORS[0],
    visitor_id: `visitor-${visitor}`,
  };
}

/** What a page sends when it is shown. */
export interface PageView {
  readonly event_id: string;
  readonly event_type: 'page-view';
  readonly schema_version: 1;
  readonly visitor_id: string;
}

export function nextPageView(random: SeededRandom): PageView {
  const visitor_id = `visitor-${random.between(1, VISITORS)}`;
  return { event_id: random.uuid(), event_type: 'page-view', schema_version: 1, visitor_id };
}

/** A click as the collector would put it into Kafka. */
export function acceptedClick(random: SeededRandom, extra: Readonly<Record<string, unknown>> = {}): Click {
  const now = new Date().toISOString();
  return { ...nextClick(random), user_agent: 'drill', occurred_at: now, received_at: now, ...extra };
}
