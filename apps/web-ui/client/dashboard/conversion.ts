import { type SummaryReply } from '@pipeline/event-schema';

/**
 * The part of the visitors who saw a page that also picked, 0–1; nothing while nobody came. Visitors are counted by
 * `visitor_id`, events without one each for itself. Who saw the page before the range and picked in it must not make
 * more than everybody. Pure.
 */
export function conversion({ viewed, picked }: SummaryReply['visitors']): number | undefined {
  return viewed === 0 ? undefined : Math.min(1, picked / viewed);
}
