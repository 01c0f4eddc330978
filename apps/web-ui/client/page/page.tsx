import { type Color } from '@pipeline/event-schema';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../format.ts';
import { RANGES } from '../history/range.ts';
import { timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { type LiveView } from '../live/live-view.ts';
import { StatusPill } from '../status-pill.tsx';
import { useStore } from '../store.ts';
import { ColorButtons } from './color-buttons.tsx';
import { JustPicked } from './just-picked.tsx';
import { NameField } from './name-field.tsx';
import { Notice } from './notice.tsx';
import { uncounted, withOwn } from './own-picks.ts';
import { type Poll } from './poll.ts';

/** The page: a name, seven colours, and what everybody else picked in the last 24 hours. */
export function Page({ poll, view }: { readonly poll: Poll; readonly view: LiveView }) {
  const messages = useMessages();
  const input = useRef<HTMLInputElement>(null);
  const { name, picks, last, notice, waiting } = useStore(poll.state);
  const { history, failure } = useStore(view.history);
  const live = useStore(view.live);
  const status = useStore(view.status);
  const nowMs = view.serverNow();
  useEffect(() => {
    const historyEnd = history ? Date.parse(history.query.to) : 0;
    poll.reconcile(uncounted(picks, { seen: live.events, historyEnd, isLive: status === 'live', nowMs }));
  });

  const { byColor } = timeline(RANGES['24h'], { history, live: live.counts, nowMs });
  const counts = withOwn(byColor, picks);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const pick = (color: Color): void => {
    if (!poll.pick(color)) input.current?.focus();
  };
  return (
    <div class="page">
      <header class="top">
        <StatusPill status={status} />
        <a class="link" href="/dashboard">
          {messages.toDashboard}
          <span aria-hidden="true"> →</span>
        </a>
      </header>
      <main>
        <h1 class="question">{messages.question}</h1>
        <NameField
          name={name}
          invalid={notice.kind === 'mistake'}
          input={input}
          onRename={(changed) => poll.rename(changed)}
        />
        <ColorButtons counts={counts} last={last} onPick={pick} />
        <Notice notice={notice} waiting={waiting} />
      </main>
      <footer class="bottom">
        <JustPicked events={live.events} />
        <p class="total">
          {history
            ? messages.totalToday(formatCount(total, messages.language))
            : failure && messages.historyMissing}
        </p>
      </footer>
    </div>
  );
}
