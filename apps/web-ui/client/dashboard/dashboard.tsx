import { useMemo, useState } from 'preact/hooks';
import { type LiveEvent, placeOf } from '../../src/protocol/live-protocol.ts';
import { useCalm } from '../calm.ts';
import { RANGES } from '../history/range.ts';
import { timeline as timelineOf } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { type RangeName } from '../i18n/messages.ts';
import { type LiveView } from '../live/live-view.ts';
import { StatusPill } from '../status-pill.tsx';
import { useStore } from '../store.ts';
import { ByAgent } from './by-agent.tsx';
import { ByColor } from './by-color.tsx';
import { EventJourney, type Followed } from './event-journey.tsx';
import { type HealthLoader } from './health-loader.ts';
import { HealthStrip } from './health-strip.tsx';
import { KeyFigures } from './key-figures.tsx';
import { LatestEvents } from './latest-events.tsx';
import { RangePicker } from './range-picker.tsx';
import { RateChart } from './rate-chart.tsx';
import { rate as rateOf, rateNow } from './rate.ts';
import { ShareChart } from './share-chart.tsx';
import { useTick } from './use-tick.ts';

export interface DashboardProps {
  readonly view: LiveView;
  readonly health: Pick<HealthLoader, 'health'>;
  readonly initial: RangeName;
}

/** What is happening now and what happened over a range of time. */
export function Dashboard({ view, health, initial }: DashboardProps) {
  const messages = useMessages();
  const [selected, setSelected] = useState(initial);
  const [followed, setFollowed] = useState<Followed>({ name: '' });
  const live = useStore(view.live);
  const status = useStore(view.status);
  const { history, missing } = useStore(view.history);
  const healthNow = useStore(health.health);
  useTick();
  const nowMs = view.serverNow();
  const range = RANGES[selected];

  const timeline = useMemo(
    () => timelineOf(range, { history, live: live.counts, nowMs }),
    [range, history, live, nowMs],
  );
  const drawn = useCalm(timeline, history);
  const rate = useMemo(() => rateOf(drawn, range), [drawn, range]);
  const [latest] = live.events;
  const select = (name: RangeName): void => {
    setSelected(name);
    view.show(RANGES[name]);
  };
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
      <main>
        <RangePicker selected={selected} onSelect={select} />
        {missing && (
          <p class="history-missing" role="status">
            {messages.historyMissing}
          </p>
        )}
        <KeyFigures
          timeline={timeline}
          visitors={history?.reply.visitors}
          perSecond={rateNow(live.counts, nowMs)}
          sinceLatest={latest && Math.max(0, Math.floor((nowMs - Date.parse(latest.received_at)) / 1_000))}
        />
        <HealthStrip health={healthNow} />
        <RateChart rate={rate} />
        <div class="pair">
          <ShareChart timeline={drawn} />
          <ByColor counts={timeline.byColor} />
        </div>
        <LatestEvents
          events={live.events}
          followed={followed.name}
          onFollow={(event) => setFollowed(listed(event))}
        />
        <EventJourney followed={followed} onFollow={(name) => setFollowed({ name })} />
        <ByAgent browsers={history?.reply.browsers ?? []} devices={history?.reply.devices ?? []} />
      </main>
    </div>
  );
}

/** What the list says of an event is all that is told of it here: the journey of a place says no more than how far it came. */
function listed(event: LiveEvent): Followed {
  return { name: placeOf(event), pick: { userName: event.user_name, color: event.color_name } };
}
