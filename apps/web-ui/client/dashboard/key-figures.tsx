import { type SummaryReply } from '@pipeline/event-schema';
import { type ComponentChildren } from 'preact';
import { formatChange, formatCount, formatDuration, formatRate, formatShare } from '../format.ts';
import { type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { conversion } from './conversion.ts';

export interface KeyFiguresProps {
  /** Of the stored part of the range; nothing while there is no answer. */
  readonly reply: SummaryReply | undefined;
  readonly before: SummaryReply | undefined;
  /** With what is live; nothing while there is no answer. */
  readonly timeline: Timeline | undefined;
  /** Nothing while no live feed tells. */
  readonly perSecond: number | undefined;
}

/** The numbers to read from across the room. A number that is not known is a dash. */
export function KeyFigures({ reply, before, timeline, perSecond }: KeyFiguresProps) {
  const messages = useMessages();
  const { language } = messages;
  const count = (value: number) => formatCount(value, language);
  const converted = reply && conversion(reply.visitors);
  const convertedBefore = before && conversion(before.visitors);
  const estimate = converted !== undefined && converted.error > 0 && reply !== undefined;
  return (
    <dl class="figures">
      <Figure
        id="visitors"
        name={messages.visitors}
        hint={reply && messages.visitorsHint(count(reply.visitors.unnamedEvents))}
        value={reply?.visitors.all}
        before={before?.visitors.all}
        format={count}
      />
      <Figure
        id="views"
        name={messages.pageViews}
        value={timeline?.pageViews}
        before={before?.pageViews.total}
        format={count}
        spark={timeline?.views}
      />
      <Figure
        id="picks"
        name={messages.clicks}
        value={timeline?.total}
        before={before?.total}
        format={count}
        spark={timeline?.counts.map((byColor) => byColor.reduce((sum, of) => sum + of, 0))}
      />
      <Figure
        id="conversion"
        name={messages.conversion}
        hint={messages.conversionHint}
        value={converted?.share}
        before={convertedBefore?.share}
        format={(share) => formatShare(share, language, true)}
      >
        {converted &&
          (estimate
            ? messages.estimate(formatShare(converted.error, language, true), count(reply.visitors.compared))
            : messages.conversionOf(count(reply.visitors.converted), count(reply.visitors.saw)))}
      </Figure>
      <Figure
        id="rate"
        name={messages.rateNow}
        value={perSecond}
        format={(rate) => formatRate(rate, language)}
      />
    </dl>
  );
}

/** Numbers of visits; where many were, of a sample of them. */
export function VisitFigures({ reply, before }: Pick<KeyFiguresProps, 'reply' | 'before'>) {
  const messages = useMessages();
  const { language } = messages;
  const count = (value: number) => formatCount(value, language);
  const share = (value: number) => formatShare(value, language, true);
  const [now, then] = [visitFigures(reply), visitFigures(before)];
  const isSample = now !== undefined && now.compared < now.all;
  const sample = isSample ? messages.sampled(count(now.compared)) : undefined;
  return (
    <dl class="figures">
      <Figure
        id="visitors"
        name={messages.visitors}
        value={reply?.visitors.all}
        before={before?.visitors.all}
        format={count}
      />
      <Figure id="visits" name={messages.visits} value={now?.all} before={then?.all} format={count} />
      <Figure
        id="views-per-visit"
        name={messages.viewsPerVisit}
        value={now?.views}
        before={then?.views}
        format={(value) => formatRate(value, language)}
      />
      <Figure
        id="bounce"
        name={messages.bounceRate}
        hint={messages.bounceHint}
        value={now?.bounce}
        before={then?.bounce}
        format={share}
      >
        {sample}
      </Figure>
      <Figure
        id="duration"
        name={messages.visitDuration}
        hint={messages.durationHint}
        value={now?.medianMs}
        before={then?.medianMs}
        format={(ms) => formatDuration(ms, language)}
      >
        {sample}
      </Figure>
    </dl>
  );
}

function visitFigures(reply: SummaryReply | undefined) {
  if (!reply?.visits) return undefined;
  const { all, compared, bounced, medianMs } = reply.visits;
  return {
    all,
    compared,
    views: all === 0 ? undefined : reply.pageViews.total / all,
    bounce: compared === 0 ? undefined : bounced / compared,
    medianMs: medianMs ?? undefined,
  };
}

interface FigureProps {
  readonly id: string;
  readonly name: string;
  readonly hint?: string | undefined;
  readonly value: number | undefined;
  readonly before?: number | undefined;
  readonly format: (value: number) => string;
  readonly spark?: readonly number[] | undefined;
  readonly children?: ComponentChildren;
}

function Figure({ id, name, hint, value, before, format, spark, children }: FigureProps) {
  const { none, language, before: beforeText } = useMessages();
  return (
    <div class="figure" title={hint} data-figure={id}>
      <dt>{name}</dt>
      <dd>
        <span class="figure-value">{value === undefined ? none : format(value)}</span>
        {before !== undefined && (
          <span class="figure-change">
            {before > 0 && value !== undefined && <strong>{formatChange(value, before, language)}</strong>}{' '}
            {beforeText(format(before))}
          </span>
        )}
        {children && <span class="figure-note">{children}</span>}
        {spark && <Sparkline values={spark} />}
      </dd>
    </div>
  );
}

const SPARKS = 40;

/** The shape of a number over the range, without scale. */
function Sparkline({ values }: { readonly values: readonly number[] }) {
  const width = Math.max(1, Math.ceil(values.length / SPARKS));
  const sums: number[] = [];
  for (let from = values.length % width; from < values.length; from += width)
    sums.push(values.slice(from, from + width).reduce((sum, value) => sum + value, 0));
  const most = Math.max(1, ...sums);
  const path = sums
    .map((sum, index) => `M${index + 0.1} 12V${(12 - (sum / most) * 12).toFixed(2)}h.8V12z`)
    .join('');
  return (
    <svg class="spark" viewBox={`0 0 ${sums.length} 12`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
