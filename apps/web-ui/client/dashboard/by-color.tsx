import { COLORS } from '@pipeline/event-schema';
import { useMessages } from '../i18n/language.ts';
import { BarList } from './bar-list.tsx';

/** Count and share of each colour, most liked first. */
export function ByColor({ counts }: { readonly counts: readonly number[] }) {
  const messages = useMessages();
  const rows = COLORS.map((color, index) => ({
    name: messages.colors[color],
    count: counts[index] ?? 0,
    className: `color-${color}`,
  }));
  return <BarList title={messages.byColorTitle} rows={rows.sort((a, b) => b.count - a.count)} />;
}
