import 'uplot/dist/uPlot.min.css';
import '../design/base.css';
import './dashboard.css';
import { render } from 'preact';
import { RANGES } from '../history/range.ts';
import { messagesFor, MessagesProvider } from '../i18n/language.ts';
import { type RangeName } from '../i18n/messages.ts';
import { LiveView } from '../live/live-view.ts';
import { Dashboard } from './dashboard.tsx';
import { HealthLoader } from './health-loader.ts';

const INITIAL: RangeName = '15m';

const messages = messagesFor(navigator.languages);
document.documentElement.lang = messages.language;
document.title = messages.dashboardTitle;

const view = new LiveView(RANGES[INITIAL]);
view.start();
void view.loadLatest();
const health = new HealthLoader();
health.start();

const root = document.getElementById('root');
if (root) {
  render(
    <MessagesProvider value={messages}>
      <Dashboard view={view} health={health} initial={INITIAL} />
    </MessagesProvider>,
    root,
  );
}
