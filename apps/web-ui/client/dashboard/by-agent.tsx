import { type NamedCount, type SummaryReply } from '@pipeline/event-schema';
import { useMessages } from '../i18n/language.ts';
import { BarList } from './bar-list.tsx';

const SHOWN = 6;

/** Which browsers and devices the stored picks came from. */
export function ByAgent({ browsers, devices }: Pick<SummaryReply, 'browsers' | 'devices'>) {
  const { agents, browsersTitle, devicesTitle, agentsHint } = useMessages();
  const named = ({ name, count }: NamedCount) => ({ name: agents[name] ?? name, count });
  return (
    <div class="pair halves">
      <BarList title={browsersTitle} rows={shown(browsers).map(named)} hint={agentsHint} />
      <BarList title={devicesTitle} rows={shown(devices).map(named)} />
    </div>
  );
}

/** The most frequent ones; the rest joins `other`, so that the list still adds up. */
function shown(counts: readonly NamedCount[]): NamedCount[] {
  const known = counts.filter(({ name }) => name !== 'other');
  const rest = [...known.slice(SHOWN), ...counts.filter(({ name }) => name === 'other')];
  const other = rest.reduce((sum, { count }) => sum + count, 0);
  return [...known.slice(0, SHOWN), ...(other > 0 ? [{ name: 'other', count: other }] : [])];
}
