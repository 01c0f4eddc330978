import { type Color, type FilterName } from '@pipeline/event-schema';

/** How the live feed is doing, as people are told. */
export type LiveStatus = 'connecting' | 'live' | 'waiting' | 'polling' | 'offline';

export type RangeName = '5m' | '15m' | '1h' | '6h' | '24h' | '7d' | '30d';

/** The tabs of the dashboard, in their order. */
export const TABS = ['overview', 'pages', 'visitors', 'events', 'pipeline'] as const;

export type Tab = (typeof TABS)[number];

/** Every text of page and dashboard. A language is an object of this type; a missing text does not compile. */
export interface Messages {
  readonly language: 'en' | 'ko';
  readonly colors: Readonly<Record<Color, string>>;
  readonly status: Readonly<Record<LiveStatus, string>>;
  readonly ranges: Readonly<Record<RangeName, string>>;

  readonly pageTitle: string;
  readonly question: string;
  readonly nameLabel: string;
  readonly namePlaceholder: string;
  /** What stands before and after the name field, so that both read as one sentence. */
  readonly beforeName: string;
  readonly afterName: string;
  readonly colorGroup: string;
  readonly hint: string;
  readonly nameMissing: string;
  readonly nameTooLong: string;
  readonly nameInvalid: string;
  readonly picked: (name: string, color: string) => string;
  /** Whether a further pick replaces the one before. */
  readonly picksAdd: string;
  readonly willBeSent: string;
  readonly sentNow: string;
  readonly refused: string;
  readonly share: (percent: string, count: string) => string;
  readonly totalToday: (count: string) => string;
  readonly historyMissing: string;
  readonly justNow: string;
  readonly toDashboard: string;

  readonly dashboardTitle: string;
  readonly toPage: string;
  readonly tabsLabel: string;
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly rangeLabel: string;
  readonly customRange: string;
  readonly from: string;
  readonly to: string;
  readonly apply: string;
  readonly zone: string;
  /** The zone of the browser, by its name. */
  readonly localZone: (name: string) => string;
  readonly compare: string;
  readonly includeBots: string;
  readonly filtersLabel: string;
  readonly filterNames: Readonly<Record<FilterName, string>>;
  readonly filterBy: (name: string) => string;
  readonly removeFilter: (name: string) => string;
  readonly onlyStored: string;
  readonly csv: string;
  readonly csvOf: (panel: string) => string;
  readonly asTable: string;
  readonly error: {
    readonly title: string;
    /** By the code of the failure; `other` for any other. */
    readonly causes: Readonly<Record<string, string>>;
    readonly age: (time: string) => string;
    readonly retry: string;
  };
  readonly loading: string;
  readonly clicks: string;
  readonly rateNow: string;
  readonly perSecond: string;
  readonly pageViews: string;
  readonly visitors: string;
  readonly visitorsHint: (unnamed: string) => string;
  readonly conversion: string;
  readonly conversionOf: (converted: string, saw: string) => string;
  readonly conversionHint: string;
  /** How far an estimate may be off, and what it was made of. */
  readonly estimate: (error: string, compared: string) => string;
  readonly visits: string;
  readonly bounceRate: string;
  readonly bounceHint: string;
  readonly visitDuration: string;
  readonly durationHint: string;
  readonly viewsPerVisit: string;
  readonly sampled: (compared: string) => string;
  readonly before: (value: string) => string;
  readonly none: string;
  readonly ago: (seconds: number) => string;
  readonly health: {
    readonly title: string;
    readonly cohort: (from: string, to: string) => string;
    readonly cohortUnknown: string;
    readonly accepted: string;
    readonly inTopic: string;
    readonly inFiles: string;
    readonly inIndex: string;
    readonly states: Readonly<Record<'good' | 'warn' | 'bad' | 'unknown', string>>;
    readonly behind: (count: string) => string;
    readonly allThere: string;
    readonly rejected: (count: string) => string;
    readonly acceptedRate: string;
    readonly searchable: string;
    readonly percentiles: (median: string, slowest: string) => string;
    readonly notMeasured: string;
    readonly deadLetters: string;
    readonly lettersHint: string;
    readonly lettersNone: string;
    readonly letterColumns: readonly [
      code: string,
      sink: string,
      topic: string,
      records: string,
      newest: string,
    ];
    readonly replay: string;
    readonly copy: string;
    readonly copied: string;
    readonly details: string;
    readonly lagColumns: readonly [group: string, lag: string];
  };
  readonly proof: {
    readonly title: string;
    readonly holds: (time: string, events: string) => string;
    readonly broken: (time: string, events: string) => string;
    readonly notYet: string;
    readonly counts: Readonly<Record<'lost' | 'double' | 'damaged' | 'invented', (count: string) => string>>;
    readonly waiting: (count: string) => string;
    readonly toldAt: (time: string) => string;
    readonly none: string;
    readonly hint: string;
  };
  readonly picksPer: (span: string) => string;
  readonly bandHint: string;
  readonly chartSummary: (title: string, total: string, peak: string) => string;
  readonly slice: string;
  readonly unusualTitle: string;
  readonly unusual: (when: string, mean: string, expected: string, span: string) => string;
  readonly byColorTitle: string;
  readonly shareTitle: string;
  readonly shareHint: string;
  readonly slices: Readonly<Record<Exclude<FilterName, 'color'> | 'entries' | 'exits', string>>;
  readonly slicesHint: string;
  readonly sliceColumns: { readonly views: string; readonly picks: string; readonly visits: string };
  readonly showAll: (count: string) => string;
  readonly showFewer: string;
  readonly nothingHere: string;
  /** Names that are words of a language; browsers' own names stand for themselves. */
  readonly words: Readonly<Record<string, string>>;
  readonly journey: {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly noId: string;
    readonly asking: string;
    readonly failed: string;
    readonly unknownEvent: string;
    readonly received: string;
    readonly notSeen: string;
    readonly collector: string;
    readonly refused: (code: string, message: string) => string;
    readonly position: (topic: string, partition: number, offset: number) => string;
    readonly waiting: (count: string) => string;
    readonly deadLettered: (code: string, message: string | undefined) => string;
    readonly notFound: string;
    readonly noAnswer: string;
    readonly follow: (name: string) => string;
  };
  readonly latestTitle: string;
  readonly latestHint: string;
  readonly latestEmpty: string;
  readonly latestBots: string;
  readonly columns: {
    readonly time: string;
    readonly name: string;
    readonly color: string;
    readonly position: string;
  };
  readonly positionHint: string;
}
