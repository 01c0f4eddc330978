import { COLORS, type SummaryReply } from '@pipeline/event-schema';
import { type ComponentChildren } from 'preact';
import { formatCount, formatRate, formatShare } from '../format.ts';
import { type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { conversion } from './conversion.ts';

export interface KeyFiguresProps {
  readonly timeline: Timeline;
  /** Of the stored part of the range; nothing while there is no answer. */
  readonly visitors: SummaryReply['visitors'] | undefined;
  readonly perSecond: number;
  /** Seconds since the newest click, or nothing when there was none. */
  readonly sinceLatest: number | undefined;
}

/** The numbers to read from across the room. */
export function KeyFigures({ timeline, visitors, perSecond, sinceLatest }: KeyFiguresProps) {
  const { total, pageViews, byColor } = timeline;
  const messages = useMessages();
  const { language } = messages;
  const favorite = total === 0 ? undefined : COLORS[byColor.indexOf(Math.max(...byColor))];
  const converted = visitors && conversion(visitors);
  return (
    <dl class="figures">
      <Figure name={messages.clicks}>{formatCount(total, language)}</Figure>
      <Figure name={messages.rateNow}>
        {formatRate(perSecond, language)}
        <small>{messages.perSecond}</small>
      </Figure>
      <Figure name={messages.pageViews}>{formatCount(pageViews, language)}</Figure>
      <Figure name={messages.conversion} hint={messages.conversionHint}>
        {converted === undefined ? messages.none : formatShare(converted, language)}
      </Figure>
      <Figure name={messages.favorite}>
        <span class={favorite && `color-${favorite} favorite`}>
          {favorite ? messages.colors[favorite] : messages.none}
        </span>
      </Figure>
      <Figure name={messages.lastClick}>
        {sinceLatest === undefined ? messages.none : messages.ago(sinceLatest)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

function Figure({ name, hint, children }: FigureProps) {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
