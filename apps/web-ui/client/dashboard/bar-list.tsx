import { formatCount, formatShare } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { level } from '../level.ts';

export interface BarListProps {
  readonly title: string;
  readonly hint?: string;
  /** `className` gives a row its `--color`. */
  readonly rows: readonly { readonly name: string; readonly count: number; readonly className?: string }[];
}

/** Count and share of each part of a whole, in the order given. */
export function BarList({ title, hint, rows }: BarListProps) {
  const { language } = useMessages();
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <section class="panel">
      <header class="panel-head">
        <h2>{title}</h2>
      </header>
      <ol class="bars">
        {rows.map(({ name, count, className = 'color-accent' }) => (
          <li key={name} class={className}>
            <span class="bar-name">{name}</span>
            <span class="bar-track">
              <span class="bar" style={{ '--level': level(count, most) }} />
            </span>
            <span class="bar-count">{formatCount(count, language)}</span>
            <span class="bar-share">{formatShare(total === 0 ? 0 : count / total, language)}</span>
          </li>
        ))}
      </ol>
      {hint && <p class="hint">{hint}</p>}
    </section>
  );
}
