import { type FilterName } from '@pipeline/event-schema';
import { type FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import { useCalm } from '../calm.ts';
import { type HistoryAnswer, type Timeline, coarser, timeline as timelineOf } from '../history/timeline.ts';
import { type Tab } from '../i18n/messages.ts';
import { type LiveView } from '../live/live-view.ts';
import { useStore } from '../store.ts';
import { type ControlsProps } from './controls.tsx';
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
import { ByColor, type Narrowing, SliceList, VisitPages } from './slice-list.tsx';
import { questionOf, toggled } from './url-state.ts';
import { useNarrow, useTick } from './use-tick.ts';

export interface TabProps extends ControlsProps {
  readonly view: LiveView;
  readonly health: Pick<HealthLoader, 'health' | 'failure' | 'load'>;
}

/**
 * What each tab shows. One that explores stands below the controls and shows the answer to their question; one that stands
 * alone asks for itself. A tab more is a name in `TABS`, its title in each language, and a line here.
 */
export const TAB_VIEWS: Readonly<
  Record<
    Tab,
    { readonly explores: FunctionComponent<ExploredProps> } | { readonly alone: FunctionComponent<TabProps> }
  >
> = {
  overview: { explores: OverviewTab },
  pages: { explores: PagesTab },
  visitors: { explores: VisitorsTab },
  events: { explores: EventsTab },
  pipeline: { alone: PipelineTab },
};

/** What a tab that explores is given: the stored answer, and it with what is live. */
interface ExploredProps extends TabProps {
  readonly narrowing: Narrowing;
  readonly history: HistoryAnswer | undefined;
  readonly timeline: Timeline | undefined;
  /** As `timeline`, but at rest for a moment: charts are drawn anew once in a while. */
  readonly drawn: Timeline | undefined;
}

/** More bars than a phone can show apart are drawn together. */
const PHONE_BARS = 60;

/** A tab of what visitors did. */
export function Explored({
  of: View,
  ...props
}: TabProps & { readonly of: FunctionComponent<ExploredProps> }) {
  const { shown, onShow, view } = props;
  const { history } = useStore(view.history);
  const live = useStore(view.live);
  useTick();
  const nowMs = view.serverNow();
  const question = useMemo(() => questionOf(shown), [shown]);
  const timeline = useMemo(
    () => history && timelineOf(question, { history, live: live.counts, nowMs }),
    [question, history, live, nowMs],
  );
  const drawn = useCalm(timeline, history);
  const narrowing = {
    filters: shown.filters,
    onFilter: (name: FilterName, value: string) => onShow(toggled(shown, name, value)),
  };
  return <View {...props} {...{ narrowing, history, timeline, drawn }} />;
}

function OverviewTab(props: ExploredProps) {
  const { shown, view, history, timeline, drawn, narrowing } = props;
  const live = useStore(view.live);
  const status = useStore(view.status);
  const isNarrow = useNarrow();
  const bars = useMemo(() => drawn && (isNarrow ? coarser(drawn, PHONE_BARS) : drawn), [drawn, isNarrow]);
  const width = bars ? (bars.starts[1] ?? 0) - (bars.starts[0] ?? 0) : questionOf(shown).bucketMs;
  const isUnknown = status === 'connecting' || status === 'offline';
  const perSecond = isUnknown ? undefined : rateNow(live.counts, view.serverNow(), shown.withBots);
  return (
    <>
      <KeyFigures {...figuresOf(history)} timeline={timeline} perSecond={perSecond} />
      <PicksChart timeline={bars} sliceMs={width} />
      <Picked {...props} />
      <Lists of={['page', 'referrer', 'browser', 'device']} history={history} narrowing={narrowing} />
    </>
  );
}

function PagesTab({ history, narrowing }: ExploredProps) {
  return (
    <>
      <VisitFigures {...figuresOf(history)} />
      <Lists
        of={['page', 'referrer', 'entries', 'exits', 'utm_source', 'utm_medium', 'utm_campaign']}
        history={history}
        narrowing={narrowing}
      />
    </>
  );
}

function VisitorsTab({ history, narrowing }: ExploredProps) {
  return (
    <>
      <VisitFigures {...figuresOf(history)} />
      <Lists of={['browser', 'os', 'device', 'referrer']} history={history} narrowing={narrowing} />
    </>
  );
}

function EventsTab(props: ExploredProps) {
  const { shown, view } = props;
  const { events } = useStore(view.live);
  const status = useStore(view.status);
  const isKnown = status === 'live' || status === 'polling';
  return (
    <>
      <Picked {...props} />
      <LatestEvents
        events={events.filter(({ is_bot }) => shown.withBots || !is_bot)}
        emptyBecause={events.length > 0 ? 'bots' : isKnown ? 'none' : 'unknown'}
      />
      <EventJourney />
    </>
  );
}

/** Picks by colour. */
function Picked({ drawn, timeline, narrowing }: ExploredProps) {
  return (
    <div class="pair">
      <ShareChart timeline={drawn} />
      <ByColor counts={timeline?.byColor} {...narrowing} />
    </div>
  );
}

interface ListsProps extends Pick<ExploredProps, 'history' | 'narrowing'> {
  readonly of: readonly (Exclude<FilterName, 'color'> | 'entries' | 'exits')[];
}

function Lists({ of: names, history, narrowing }: ListsProps) {
  const reply = history?.reply;
  return (
    <div class="grid">
      {names.map((name) =>
        name === 'entries' || name === 'exits' ? (
          <VisitPages key={name} of={name} pages={reply && (reply.visits?.[name] ?? [])} {...narrowing} />
        ) : (
          <SliceList key={name} of={name} slices={reply?.slices[name]} {...narrowing} />
        ),
      )}
    </div>
  );
}

const figuresOf = (history: HistoryAnswer | undefined) => ({
  reply: history?.reply,
  before: history?.before,
});

function PipelineTab({ health: loader }: TabProps) {
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
