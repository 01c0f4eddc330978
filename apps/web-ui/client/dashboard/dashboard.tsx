import { useMessages } from '../i18n/language.ts';
import { StatusPill } from '../status-pill.tsx';
import { type Store, useStore } from '../store.ts';
import { Controls, Tabs } from './controls.tsx';
import { FailureBanner } from './failure-banner.tsx';
import { Explored, TAB_VIEWS, type TabProps } from './tabs.tsx';
import { type Shown } from './url-state.ts';

export interface DashboardProps extends Omit<TabProps, 'shown'> {
  readonly shown: Store<Shown>;
}

/** What is happening now and what happened over a range of time. */
export function Dashboard({ shown: store, ...others }: DashboardProps) {
  const messages = useMessages();
  const shown = useStore(store);
  const status = useStore(others.view.status);
  const history = useStore(others.view.history);
  const props = { shown, ...others };
  const tab = TAB_VIEWS[shown.tab];
  return (
    <div class="board">
      <header class="board-head">
        <h1>{messages.dashboardTitle}</h1>
        <StatusPill status={status} />
        <a class="link" href="/">
          {messages.toPage}
          <span aria-hidden="true"> →</span>
        </a>
      </header>
      <Tabs {...props} />
      <main>
        {'alone' in tab ? (
          <tab.alone {...props} />
        ) : (
          <>
            <Controls {...props} />
            <FailureBanner state={history} onRetry={() => props.view.retry()} />
            <Explored {...props} of={tab.explores} />
          </>
        )}
      </main>
    </div>
  );
}
