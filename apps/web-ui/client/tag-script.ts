import { createTag, type Tag } from '@pipeline/tag';

declare global {
  interface Window {
    /** What `/tag.js` gives to a page. */
    pipeline?: Pick<Tag, 'track'>;
  }
}

/** `<script async src="…/tag.js" data-collector="https://collector.example"></script>` */
function start(): void {
  const collectorUrl = (document.currentScript as HTMLScriptElement | null)?.dataset['collector'];
  if (!collectorUrl || window.pipeline) return;
  const tag = createTag({ collectorUrl: collectorUrl.replace(/\/+$/, '') });
  window.pipeline = { track: (type, fields) => tag.track(type, fields) };
}

start();
