import { PageEvent } from './page-event.ts';

/** A page was shown, also when it came back from the back-forward cache. It needs no field of its own. */
export class PageViewEvent extends PageEvent {
  declare event_type: 'page-view';
}
