import 'uplot/dist/uPlot.min.css';
import '../design/base.css';
import './dashboard.css';
import { render } from 'preact';
import { setZone } from '../format.ts';
import { messagesFor, MessagesProvider } from '../i18n/language.ts';
import { LiveView } from '../live/live-view.ts';
import { Store } from '../store.ts';
import { Dashboard } from './dashboard.tsx';
import { HealthLoader } from './health-loader.ts';
import { questionOf, readShown, type Shown, writeShown } from './url-state.ts';

const messages = messagesFor(navigator.languages);
document.documentElement.lang = messages.language;

const shown = new Store(readShown(location.search));
const view = new LiveView(questionOf(shown.value));

/** Shows it; asks the history only where that has another answer. */
function show(next: Shown): void {
  const [before, after] = [shown.value, next].map((one) => JSON.stringify(questionOf(one)));
  setZone(next.zone);
  document.title = `${messages.tabs[next.tab]} – ${messages.dashboardTitle}`;
  shown.set(next);
  if (before !== after) view.show(questionOf(next));
}

const href = (next: Shown): string => `${location.pathname}${writeShown(next)}`;

function onShow(next: Shown): void {
  if (href(next) !== location.pathname + location.search) history.pushState(null, '', href(next));
  show(next);
}

addEventListener('popstate', () => show(readShown(location.search)));
show(shown.value);
view.start();
void view.loadLatest();
const health = new HealthLoader();
health.start();

const root = document.getElementById('root');
if (root) {
  render(
    <MessagesProvider value={messages}>
      <Dashboard view={view} health={health} shown={shown} onShow={onShow} href={href} />
    </MessagesProvider>,
    root,
  );
}
