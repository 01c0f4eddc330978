import '../design/base.css';
import './page.css';
import { browserStorage, createTag } from '@pipeline/tag';
import { render } from 'preact';
import { RANGES } from '../history/range.ts';
import { messagesFor, MessagesProvider } from '../i18n/language.ts';
import { LiveView } from '../live/live-view.ts';
import { Page } from './page.tsx';
import { Poll } from './poll.ts';

const NAME_KEY = 'pipeline.name';

const messages = messagesFor(navigator.languages);
document.documentElement.lang = messages.language;
document.title = messages.pageTitle;

const storage = browserStorage(() => localStorage);
const view = new LiveView(RANGES['24h']);
const poll = new Poll({
  memory: { get: () => storage.get(NAME_KEY) ?? '', set: (name) => storage.set(NAME_KEY, name) },
  now: () => view.serverNow(),
});
const collectorUrl = document.querySelector<HTMLMetaElement>('meta[name=collector-url]')?.content ?? '';
const tag = createTag({ collectorUrl, listener: poll });
poll.connect((type, fields) => tag.track(type, fields));

view.start();

const root = document.getElementById('root');
if (root) {
  render(
    <MessagesProvider value={messages}>
      <Page poll={poll} view={view} />
    </MessagesProvider>,
    root,
  );
}
