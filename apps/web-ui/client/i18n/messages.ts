import { type Color } from '@pipeline/event-schema';

/** How the live feed is doing, as people are told. */
export type LiveStatus = 'connecting' | 'live' | 'waiting' | 'polling' | 'offline';

export type RangeName = '5m' | '15m' | '1h' | '6h' | '24h' | '7d' | '30d';

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
  readonly rangeLabel: string;
  readonly clicks: string;
  readonly rateNow: string;
  readonly perSecond: string;
  readonly pageViews: string;
  readonly conversion: string;
  readonly conversionHint: string;
  readonly favorite: string;
  readonly lastClick: string;
  readonly none: string;
  readonly ago: (seconds: number) => string;
  readonly health: {
    readonly title: string;
    readonly perMinute: string;
    readonly accepted: string;
    readonly inTopic: string;
    readonly inFiles: string;
    readonly inIndex: string;
    readonly states: Readonly<Record<'good' | 'warn' | 'bad' | 'unknown', string>>;
    readonly waiting: (count: string) => string;
    readonly searchable: string;
    readonly percentiles: (median: string, slowest: string) => string;
    readonly notMeasured: string;
    readonly deadLetters: string;
    readonly details: string;
  };
  readonly rateTitle: string;
  readonly rateHint: string;
  readonly rateSummary: (now: string, peak: string) => string;
  readonly rateSeries: string;
  readonly expectedSeries: string;
  readonly unusual: (count: number) => string;
  readonly byColorTitle: string;
  readonly shareTitle: string;
  readonly shareHint: string;
  readonly browsersTitle: string;
  readonly devicesTitle: string;
  readonly agentsHint: string;
  /** Names that are words of a language; browsers' own names stand for themselves. */
  readonly agents: Readonly<Record<string, string>>;
  readonly journey: {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly asking: string;
    readonly failed: string;
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
  readonly latestEmpty: string;
  readonly columns: {
    readonly time: string;
    readonly name: string;
    readonly color: string;
    readonly position: string;
  };
  readonly positionHint: string;
}
