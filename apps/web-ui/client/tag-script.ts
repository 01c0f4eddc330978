import { createTag, type Tag } from '@pipeline/tag';

declare global {
  interface Window {
    /** What `/tag.js` gives to a page. */
    pipeline?: Pick<Tag, 'track'>;
    'pipeline.tag'?: true;
  }
}

/** `<script async src="…/tag.js" data-collector="https://collector.example"></script>` */
function start(): void {
  const collectorUrl = (document.currentScript as HTMLScriptElement | null)?.dataset['collector'];
  if (!collectorUrl || window['pipeline.tag'] === true) return;
  window['pipeline.tag'] = true;
  const tag = createTag({ collectorUrl: collectorUrl.replace(/\/+$/, '') });
  // `window` inherits an element with `id="pipeline"`, which gives way; a variable of the page is kept.
  if (!{}.hasOwnProperty.call(window, 'pipeline')) {
    window.pipeline = { track: (type, fields) => tag.track(type, fields) };
  }
}

start();
