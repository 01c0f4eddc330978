import { browserHost } from './browser-host.ts';
import { trackPageViews } from './page-views.ts';
import { Tag } from './tag.ts';

declare global {
  interface Window {
    /** What `/tag.js` gives to a page. */
    pipeline?: { track(type: string, fields?: Readonly<Record<string, unknown>>): string | undefined };
  }
}

/** `<script async src="…/tag.js" data-collector="https://collector.example"></script>` */
function start(): void {
  const collectorUrl = (document.currentScript as HTMLScriptElement | null)?.dataset['collector'];
  if (!collectorUrl || window.pipeline) return;
  const tag = new Tag(browserHost(collectorUrl.replace(/\/+$/, '')));
  window.pipeline = { track: (type, fields) => tag.track(type, fields) };
  trackPageViews(tag);
}

start();
