import { COLORS, type FilterName, type Filters, type NamedCount, type Slice } from '@pipeline/event-schema';
import { useState } from 'preact/hooks';
import { formatCount, formatShare } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { level } from '../level.ts';
import { Panel, Skeleton } from './panel.tsx';

const SHOWN = 6;

/** What the lists of a tab have in common. */
export interface Narrowing {
  readonly filters: Filters;
  readonly onFilter: (name: FilterName, value: string) => void;
}

interface Row {
  readonly name: string;
  readonly label: string;
  readonly count: number;
  readonly second?: number;
  readonly className?: string;
}

interface BarsProps extends Narrowing {
  readonly title: string;
  readonly columns: readonly [count: string, second?: string];
  readonly filter: FilterName;
  /** Nothing while they are not known. */
  readonly rows: readonly Row[] | undefined;
  readonly shown?: number;
}

/** Count and share of each part of a whole; a click on a part shows only it. All bars of a list start at one line. */
function Bars({ title, columns, filter, rows, filters, onFilter, shown = SHOWN }: BarsProps) {
  const messages = useMessages();
  const { language } = messages;
  const [isOpen, setOpen] = useState(false);
  if (!rows)
    return (
      <Panel title={title}>
        <Skeleton height="13rem" />
      </Panel>
    );
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const listed = isOpen ? rows : rows.slice(0, shown);
  const [, second] = columns;
  const sheet = {
    columns: [messages.filterNames[filter], columns[0], ...(second ? [second] : [])],
    rows: rows.map((row) => [row.label, row.count, ...(row.second === undefined ? [] : [row.second])]),
  };
  return (
    <Panel title={title} sheet={sheet}>
      {rows.length === 0 && <p class="hint">{messages.nothingHere}</p>}
      <ol class={`bars ${second ? 'bars-two' : ''}`}>
        {second && (
          <li class="bar-heads" aria-hidden="true">
            <span />
            <span />
            <span class="bar-count">{columns[0]}</span>
            <span class="bar-share" />
            <span class="bar-count">{second}</span>
          </li>
        )}
        {listed.map(({ name, label, count, second: other, className = 'color-accent' }) => (
          <li key={name} class={className}>
            {name === 'other' && filter !== 'browser' && filter !== 'os' && filter !== 'device' ? (
              <span class="bar-name">{label}</span>
            ) : (
              <button
                type="button"
                class="bar-name"
                title={messages.filterBy(label)}
                aria-pressed={filters[filter] === name}
                onClick={() => onFilter(filter, name)}
              >
                {label}
              </button>
            )}
            <span class="bar-track">
              <span class="bar" style={{ '--level': level(count, most) }} />
            </span>
            <span class="bar-count">{formatCount(count, language)}</span>
            <span class="bar-share">{formatShare(total === 0 ? 0 : count / total, language)}</span>
            {second && <span class="bar-count bar-second">{formatCount(other ?? 0, language)}</span>}
          </li>
        ))}
      </ol>
      {rows.length > shown && (
        <button type="button" class="more" onClick={() => setOpen(!isOpen)}>
          {isOpen ? messages.showFewer : messages.showAll(formatCount(rows.length, language))}
        </button>
      )}
    </Panel>
  );
}

interface SliceListProps extends Narrowing {
  readonly of: Exclude<FilterName, 'color'>;
  readonly slices: readonly Slice[] | undefined;
}

/** Page views and picks by what they came from. */
export function SliceList({ of, slices, ...narrowing }: SliceListProps) {
  const { slices: titles, sliceColumns, words } = useMessages();
  const rows = slices?.map(({ name, views, picks }) => ({
    name,
    label: words[name] ?? name,
    count: views,
    second: picks,
  }));
  return (
    <Bars
      title={titles[of]}
      columns={[sliceColumns.views, sliceColumns.picks]}
      filter={of}
      rows={rows}
      {...narrowing}
    />
  );
}

interface VisitPagesProps extends Narrowing {
  readonly of: 'entries' | 'exits';
  readonly pages: readonly NamedCount[] | undefined;
}

/** On which pages visits began or ended. */
export function VisitPages({ of, pages, ...narrowing }: VisitPagesProps) {
  const { slices: titles, sliceColumns, words } = useMessages();
  const rows = pages?.map(({ name, count }) => ({ name, label: words[name] ?? name, count }));
  return <Bars title={titles[of]} columns={[sliceColumns.visits]} filter="page" rows={rows} {...narrowing} />;
}

interface ByColorProps extends Narrowing {
  /** In the order of `COLORS`. */
  readonly counts: readonly number[] | undefined;
}

/** Count and share of each colour, most liked first. */
export function ByColor({ counts, ...narrowing }: ByColorProps) {
  const messages = useMessages();
  const rows =
    counts &&
    COLORS.map((color, index) => ({
      name: color,
      label: messages.colors[color],
      count: counts[index] ?? 0,
      className: `color-${color}`,
    })).sort((a, b) => b.count - a.count);
  return (
    <Bars
      title={messages.byColorTitle}
      columns={[messages.clicks]}
      filter="color"
      rows={rows}
      shown={COLORS.length}
      {...narrowing}
    />
  );
}
