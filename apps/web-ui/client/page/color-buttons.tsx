import { COLORS, type Color } from '@pipeline/event-schema';
import { formatCount, formatShare } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { level } from '../level.ts';

export interface ColorButtonsProps {
  /** In the order of `COLORS`. */
  readonly counts: readonly number[];
  readonly last: { readonly color: Color; readonly count: number } | undefined;
  readonly onPick: (color: Color) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Seven buttons that are the chart at the same time: each is filled as far as its colour is liked. */
export function ColorButtons({ counts, last, onPick }: ColorButtonsProps) {
  const messages = useMessages();
  const total = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...counts);
  return (
    <div class="colors" role="group" aria-label={messages.colorGroup} onKeyDown={moveFocus}>
      {COLORS.map((color, index) => {
        const count = counts[index] ?? 0;
        const share = formatShare(total === 0 ? 0 : count / total, messages.language);
        const picked = last?.color === color;
        return (
          <div key={color} class={`color color-${color}`}>
            <button type="button" aria-describedby={`share-${color}`} onClick={() => onPick(color)}>
              <span class="jar">
                <span class="fill" style={{ '--level': level(count, most) }} />
                {picked && <span class="drop" key={last.count} />}
              </span>
              <span class="color-name">
                {messages.colors[color]}
                {picked && <Check />}
              </span>
            </button>
            <span class="share">
              <span aria-hidden="true">
                {share} <span class="share-count">{formatCount(count, messages.language)}</span>
              </span>
              <span id={`share-${color}`} class="sr-only">
                {messages.share(share, formatCount(count, messages.language))}
              </span>
            </span>
          </div>
        );
      })}
    </div>
  );
}

function Check() {
  return (
    <svg class="check" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M3 8.5 6.5 12 13 4.5" />
    </svg>
  );
}

/** Arrow keys walk along the colours and around the ends; Home and End jump. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const step = STEPS[event.key];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const target =
    step !== undefined
      ? (at + step + buttons.length) % buttons.length
      : { Home: 0, End: buttons.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  buttons[target]?.focus();
}
