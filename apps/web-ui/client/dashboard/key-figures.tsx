import { COLORS } from '@pipeline/event-schema';
import { formatCount, formatRate } from '../format.ts';
import { type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';

export interface KeyFiguresProps {
  readonly timeline: Timeline;
  readonly perSecond: number;
  /** Seconds since the newest click, or nothing when there was none. */
  readonly sinceLatest: number | undefined;
}

/** Four numbers to read from across the room. */
export function KeyFigures({ timeline: { total, byColor }, perSecond, sinceLatest }: KeyFiguresProps) {
  const messages = useMessages();
  const { language } = messages;
  const favorite = total === 0 ? undefined : COLORS[byColor.indexOf(Math.max(...byColor))];
  return (
    <dl class="figures">
      <div>
        <dt>{messages.clicks}</dt>
        <dd>{formatCount(total, language)}</dd>
      </div>
      <div>
        <dt>{messages.rateNow}</dt>
        <dd>
          {formatRate(perSecond, language)}
          <small>{messages.perSecond}</small>
        </dd>
      </div>
      <div>
        <dt>{messages.favorite}</dt>
        <dd class={favorite && `color-${favorite} favorite`}>
          {favorite ? messages.colors[favorite] : messages.none}
        </dd>
      </div>
      <div>
        <dt>{messages.lastClick}</dt>
        <dd>{sinceLatest === undefined ? messages.none : messages.ago(sinceLatest)}</dd>
      </div>
    </dl>
  );
}
