import { COLORS } from '@pipeline/event-schema';
import { formatCount, formatShare } from '../format.ts';
import { useMessages } from '../i18n/language.ts';

/** Count and share of each colour, most liked first. */
export function ByColor({ counts }: { readonly counts: readonly number[] }) {
  const messages = useMessages();
  const total = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...counts);
  const rows = COLORS.map((color, index) => ({ color, count: counts[index] ?? 0 }));
  rows.sort((a, b) => b.count - a.count);
  return (
    <section class="panel">
      <header class="panel-head">
        <h2>{messages.byColorTitle}</h2>
      </header>
      <ol class="by-color">
        {rows.map(({ color, count }) => (
          <li key={color} class={`color-${color}`}>
            <span class="by-color-name">{messages.colors[color]}</span>
            <span class="by-color-track">
              <span class="by-color-bar" style={{ '--level': String(count / most) }} />
            </span>
            <span class="by-color-count">{formatCount(count, messages.language)}</span>
            <span class="by-color-share">
              {formatShare(total === 0 ? 0 : count / total, messages.language)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
