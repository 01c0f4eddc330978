import { type FilterName } from '@pipeline/event-schema';
import { useMemo } from 'preact/hooks';
import { useCalm } from '../calm.ts';
import { coarser, timeline as timelineOf } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { type LiveView } from '../live/live-view.ts';
import { StatusPill } from '../status-pill.tsx';
import { type Store, useStore } from '../store.ts';
import { Controls, type ControlsProps, Tabs } from './controls.tsx';
import { EventJourney } from './event-journey.tsx';
import { FailureBanner } from './failure-banner.tsx';
import { type HealthLoader } from './health-loader.ts';
import { HealthStrip } from './health-strip.tsx';
import { KeyFigures, VisitFigures } from './key-figures.tsx';
import { LatestEvents } from './latest-events.tsx';
import { LagTable, LettersPanel, ProofPanel } from './pipeline-panels.tsx';
import { PicksChart } from './picks-chart.tsx';
import { rateNow } from './rate.ts';
import { ShareChart } from './share-chart.tsx';
import { ByColor, SliceList, VisitPages } from './slice-list.tsx';
import { questionOf, toggled } from './url-state.ts';
import { useNarrow, useTick } from './use-tick.ts';

export interface DashboardProps extends Omit<ControlsProps, 'shown'> {
  readonly view: LiveView;
  readonly health: Pick<HealthLoader, 'health' | 'failure' | 'load'>;
  readonly shown: Store<ControlsProps['shown']>;
}

/** More bars than a phone can show apart are drawn together. */
const PHONE_BARS = 60;

/** What is happening now and what happened over a range of time. */
export function Dashboard({ view, health, shown: store, ...controls }: DashboardProps) {
  const messages = useMessages();
  const shown = useStore(store);
  const status = useStore(view.status);
  const history = useStore(view.history);
  const props = { shown, ...controls };
  const isOfPipeline = shown.tab === 'pipeline';
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
        {isOfPipeline ? (
          <PipelineTab loader={health} />
        ) : (
          <>
            <Controls {...props} />
            <FailureBanner state={history} onRetry={() => view.retry()} />
            <Explored {...props} view={view} />
          </>
        )}
      </main>
    </div>
  );
}

function PipelineTab({ loader }: { readonly loader: DashboardProps['health'] }) {
  const health = useStore(loader.health);
  const failure = useStore(loader.failure);
  return (
    <>
      <FailureBanner state={{ failure }} onRetry={() => void loader.load()} />
      <HealthStrip health={health} />
      <ProofPanel health={health} />
      <EventJourney />
      <LettersPanel deadLetters={health?.deadLetters} />
      {health && <LagTable lag={health.lag} />}
    </>
  );
}

/** The views of what visitors did. */
function Explored({ shown, onShow, view }: ControlsProps & Pick<DashboardProps, 'view'>) {
  const { history } = useStore(view.history);
  const live = useStore(view.live);
  const status = useStore(view.status);
  const isNarrow = useNarrow();
  useTick();
  const nowMs = view.serverNow();
  const question = useMemo(() => questionOf(shown), [shown]);
  const timeline = useMemo(
    () => history && timelineOf(question, { history, live: live.counts, nowMs }),
    [question, history, live, nowMs],
  );
  const drawn = useCalm(timeline, history);
  const bars = useMemo(() => drawn && (isNarrow ? coarser(drawn, PHONE_BARS) : drawn), [drawn, isNarrow]);
  const width = bars ? (bars.starts[1] ?? 0) - (bars.starts[0] ?? 0) : question.bucketMs;
  const reply = history?.reply;
  const narrowing = {
    filters: shown.filters,
    onFilter: (name: FilterName, value: string) => onShow(toggled(shown, name, value)),
  };
  const list = (of: Exclude<FilterName, 'color'>) => (
    <SliceList of={of} slices={reply?.slices[of]} {...narrowing} />
  );
  const isKnown = status === 'live' || status === 'polling';
  const perSecond =
    status === 'connecting' || status === 'offline' ? undefined : rateNow(live.counts, nowMs, shown.withBots);
  const figures = { reply, before: history?.before };
  if (shown.tab === 'pages')
    return (
      <>
        <VisitFigures {...figures} />
        <div class="grid">
          {list('page')}
          {list('referrer')}
          <VisitPages of="entries" pages={reply && (reply.visits?.entries ?? [])} {...narrowing} />
          <VisitPages of="exits" pages={reply && (reply.visits?.exits ?? [])} {...narrowing} />
          {list('utm_source')}
          {list('utm_medium')}
          {list('utm_campaign')}
        </div>
      </>
    );
  if (shown.tab === 'visitors')
    return (
      <>
        <VisitFigures {...figures} />
        <div class="grid">
          {list('browser')}
          {list('os')}
          {list('device')}
          {list('referrer')}
        </div>
      </>
    );
  const picked = (
    <div class="pair">
      <ShareChart timeline={drawn} />
      <ByColor counts={timeline?.byColor} {...narrowing} />
    </div>
  );
  if (shown.tab === 'events')
    return (
      <>
        {picked}
        <LatestEvents
          events={live.events.filter(({ is_bot }) => shown.withBots || !is_bot)}
          emptyBecause={live.events.length > 0 ? 'bots' : isKnown ? 'none' : 'unknown'}
        />
        <EventJourney />
      </>
    );
  return (
    <>
      <KeyFigures {...figures} timeline={timeline} perSecond={perSecond} />
      <PicksChart timeline={bars} sliceMs={width} />
      {picked}
      <div class="grid">
        {list('page')}
        {list('referrer')}
        {list('browser')}
        {list('device')}
      </div>
    </>
  );
}
