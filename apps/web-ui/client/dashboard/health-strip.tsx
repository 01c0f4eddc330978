import { type ReportingApp, type SinkName } from '@pipeline/event-schema';
import { type AppHealth, type HealthReport } from '../../src/protocol/health-report.ts';
import { formatCount, formatRate, formatSeconds, formatTime } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { type Health } from './health-loader.ts';
import { Panel } from './panel.tsx';

/** Where the same events are on their way, from the first answer to both stores: one look says whether all is well. */
export function HealthStrip({ health }: { readonly health: Health }) {
  const { health: texts, language } = useMessages();
  const { cohort } = health ?? {};
  const letters = (sink: SinkName) => lettersOf(health, sink);
  return (
    <Panel
      title={texts.title}
      className="health"
      aside={
        <p class="quiet cohort">
          {cohort ? texts.cohort(formatTime(cohort.from), formatTime(cohort.to)) : texts.cohortUnknown}
        </p>
      }
    >
      <ol class="stations">
        <Station name={texts.accepted} count={cohort?.accepted} state={appState(health, 'collector-api')} />
        <Station
          name={texts.inTopic}
          count={cohort?.kafka}
          of={cohort?.accepted}
          state={brokerState(health)}
        />
        <Station
          name={texts.inFiles}
          count={cohort?.hdfs}
          of={cohort?.kafka}
          state={appState(health, 'hdfs-sink')}
          letters={letters('hdfs-sink')}
        />
        <Station
          name={texts.inIndex}
          count={cohort?.elasticsearch}
          of={cohort?.kafka}
          state={appState(health, 'es-sink')}
          letters={letters('es-sink')}
        />
      </ol>
      <dl class="health-facts">
        <div>
          <dt>{texts.acceptedRate}</dt>
          <dd>
            {typeof health?.acceptedPerSecond === 'number'
              ? formatRate(health.acceptedPerSecond, language)
              : '–'}
          </dd>
        </div>
        <div>
          <dt>{texts.searchable}</dt>
          <dd>
            {health?.searchable
              ? texts.percentiles(
                  formatSeconds(health.searchable.p50Ms, language),
                  formatSeconds(health.searchable.p99Ms, language),
                )
              : texts.notMeasured}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

/** How a station is doing: its colour, and the words for it. */
type State = readonly [kind: 'good' | 'warn' | 'bad' | 'unknown', reasons: readonly string[]];

interface StationProps {
  readonly name: string;
  readonly count: number | null | undefined;
  /** How many were at the station before. */
  readonly of?: number | null | undefined;
  readonly state: State;
  /** Records that its store rejected. */
  readonly letters?: number | undefined;
}

function Station({ name, count, of, state: [kind, reasons], letters = 0 }: StationProps) {
  const { health: texts, language } = useMessages();
  const known = typeof count === 'number' && typeof of === 'number';
  const behind = known ? of - count : 0;
  return (
    <li class={`station station-${kind}`}>
      <span class="station-name">{name}</span>
      <span class="station-count">{typeof count === 'number' ? formatCount(count, language) : '–'}</span>
      <span class="station-state">
        <span class="dot" aria-hidden="true" />
        {texts.states[kind]}
        {reasons.length > 0 && ` (${reasons.join(', ')})`}
        {known && ` · ${behind > 0 ? texts.behind(formatCount(behind, language)) : texts.allThere}`}
      </span>
      {letters > 0 && (
        <a class="letters-chip" href="#dead-letters">
          {texts.rejected(formatCount(letters, language))}
        </a>
      )}
    </li>
  );
}

const KINDS = { ready: 'good', 'not-ready': 'warn', silent: 'bad' } as const;

function appState(health: Health, app: ReportingApp): State {
  const found: AppHealth | undefined = health?.apps.find((one) => one.app === app);
  return found ? [KINDS[found.state], found.notReady] : ['unknown', []];
}

function brokerState(health: Health): State {
  return health ? [health.brokerAnswers ? 'good' : 'bad', []] : ['unknown', []];
}

function lettersOf(health: HealthReport | undefined, sink: SinkName): number | undefined {
  return health?.deadLetters
    .filter(({ topic }) => topic.endsWith(`.${sink}.dlq`))
    .reduce((sum, { records }) => sum + records, 0);
}
