import { FILTERS, type FilterName, type Filters } from '@pipeline/event-schema';
import { customRange, type Question, RANGES } from '../history/range.ts';
import { type RangeName, type Tab, TABS } from '../i18n/messages.ts';

/** What the dashboard shows: all of it is in its address, so that a link shares it and back and reload keep it. */
export interface Shown {
  readonly tab: Tab;
  readonly range: RangeName | { readonly fromMs: number; readonly toMs: number };
  /** Name of a time zone of the IANA database; that of the browser where it is absent. */
  readonly zone?: string;
  readonly withBots: boolean;
  readonly compares: boolean;
  readonly filters: Filters;
}

const INITIAL: Shown = { tab: 'overview', range: '15m', withBots: false, compares: false, filters: {} };

/** Reads what an address says; what it says wrongly is left out. Pure. */
export function readShown(search: string): Shown {
  const parameters = new URLSearchParams(search);
  const get = (name: string) => parameters.get(name) ?? undefined;
  const zone = get('zone');
  const filters = FILTERS.flatMap((name) => {
    const value = get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    tab: TABS.find((tab) => tab === get('tab')) ?? INITIAL.tab,
    range: readRange(get('range'), get('from'), get('to')),
    ...(zone !== undefined && isZone(zone) && { zone }),
    withBots: get('bots') === 'include',
    compares: get('compare') === 'before',
    filters: Object.fromEntries(filters),
  };
}

/** The address of what is shown, beginning with `?`, or nothing where it is what everybody sees first. Pure. */
export function writeShown({ tab, range, zone, withBots, compares, filters }: Shown): string {
  const parameters = new URLSearchParams();
  if (tab !== INITIAL.tab) parameters.set('tab', tab);
  if (typeof range === 'object') {
    parameters.set('from', new Date(range.fromMs).toISOString());
    parameters.set('to', new Date(range.toMs).toISOString());
  } else if (range !== INITIAL.range) parameters.set('range', range);
  if (zone !== undefined) parameters.set('zone', zone);
  if (withBots) parameters.set('bots', 'include');
  if (compares) parameters.set('compare', 'before');
  for (const [name, value] of Object.entries(filters)) parameters.set(name, value);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** What to ask for it. Pure. */
export function questionOf({ tab, range, withBots, compares, filters }: Shown): Question {
  return {
    ...(typeof range === 'object' ? customRange(range.fromMs, range.toMs) : RANGES[range]),
    ...(withBots && { withBots }),
    ...(compares && { withBefore: true }),
    ...((tab === 'visitors' || tab === 'pages') && { withVisits: true }),
    filters,
  };
}

/** With a filter more, another value of it, or without it where it has that value already. Pure. */
export function toggled(shown: Shown, name: FilterName, value: string): Shown {
  const { [name]: current, ...others } = shown.filters;
  return { ...shown, filters: current === value ? others : { ...others, [name]: value } };
}

function readRange(range?: string, from?: string, to?: string): Shown['range'] {
  const [fromMs, toMs] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (toMs > fromMs) return { fromMs, toMs };
  return range !== undefined && Object.hasOwn(RANGES, range) ? (range as RangeName) : INITIAL.range;
}

function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
