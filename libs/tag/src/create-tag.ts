import { browserHost } from './browser-host.ts';
import { trackPageViews } from './page-views.ts';
import { Tag, type TagListener } from './tag.ts';

export interface TagOptions {
  /** Origin and path before `/v1/events`, without a slash at the end. */
  readonly collectorUrl: string;
  /** Hears what becomes of the events. */
  readonly listener?: TagListener;
}

/** The tag of this page, at work: it tracks the page view and sends what earlier pages have left behind. Once per page. */
export function createTag({ collectorUrl, listener }: TagOptions): Tag {
  const tag = new Tag(browserHost(collectorUrl), listener);
  trackPageViews(tag);
  return tag;
}
