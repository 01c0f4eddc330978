import { type Tag } from './tag.ts';

/** Tracks that this page is shown: now, and each time it comes back from the back-forward cache. */
export function trackPageViews(tag: Pick<Tag, 'track'>): void {
  const show = (): void => void tag.track('page-view');
  // A page that is made in advance is not seen yet.
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', show);
  else show();
  addEventListener('pageshow', ({ persisted }) => persisted && show());
}
