import { EventType } from '../contract/event-type.decorator.ts';
import { WebEvent } from './web-event.ts';

@EventType('page-view', 'A page was shown, also when it came back from the back-forward cache.')
export class PageView extends WebEvent {
  declare event_type: 'page-view';
}
