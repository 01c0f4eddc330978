import { type ReportingApp } from '@pipeline/event-schema';
import { type AppHealth, type HealthReport } from '../../src/protocol/health-report.ts';
import { formatCount, formatSeconds } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { type Health } from './health-loader.ts';
import { LagTable } from './lag-table.tsx';

/** Where events are on their way, from the first answer to both stores: one look says whether all is well. */
export function HealthStrip({ health }: { readonly health: Health }) {
  const { health: texts, language } = useMessages();
  const perMinute = health?.perMinute;
  const letters = health?.deadLetters.reduce((sum, { records }) => sum + records, 0);
  return (
    <section class="panel health">
      <header class="panel-head">
        <h2>{texts.title}</h2>
        <p class="quiet">{texts.perMinute}</p>
      </header>
      <ol class="stations">
        <Station
          name={texts.accepted}
          count={perMinute?.accepted}
          state={appState(health, 'collector-api')}
        />
        <Station name={texts.inTopic} count={perMinute?.kafka} state={brokerState(health)} />
        <Station
          name={texts.inFiles}
          count={perMinute?.hdfs}
          state={appState(health, 'hdfs-sink')}
          waiting={waiting(health, 'hdfs-sink')}
        />
        <Station
          name={texts.inIndex}
          count={perMinute?.elasticsearch}
          state={appState(health, 'es-sink')}
          waiting={waiting(health, 'es-sink')}
        />
      </ol>
      <dl class="health-facts">
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
        <div>
          <dt>{texts.deadLetters}</dt>
          <dd class={letters ? 'bad' : undefined}>
            {letters === undefined ? '–' : formatCount(letters, language)}
          </dd>
        </div>
      </dl>
      {health && <LagTable lag={health.lag} deadLetters={health.deadLetters} />}
    </section>
  );
}

/** How a station is doing: its colour, and the words for it. */
type State = readonly [kind: 'good' | 'warn' | 'bad' | 'unknown', reasons: readonly string[]];

interface StationProps {
  readonly name: string;
  readonly count: number | null | undefined;
  readonly state: State;
  /** Records not yet stored. */
  readonly waiting?: number | undefined;
}

function Station({ name, count, state: [kind, reasons], waiting }: StationProps) {
  const { health: texts, language } = useMessages();
  return (
    <li class={`station station-${kind}`}>
      <span class="station-name">{name}</span>
      <span class="station-count">
        {count === null || count === undefined ? '–' : formatCount(Math.round(count), language)}
      </span>
      <span class="station-state">
        <span class="dot" aria-hidden="true" />
        {texts.states[kind]}
        {reasons.length > 0 && ` (${reasons.join(', ')})`}
        {waiting !== undefined && ` · ${texts.waiting(formatCount(waiting, language))}`}
      </span>
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

function waiting(health: HealthReport | undefined, group: ReportingApp): number | undefined {
  if (!health?.brokerAnswers) return undefined;
  return health.lag.filter((lag) => lag.group === group).reduce((sum, { records }) => sum + records, 0);
}
