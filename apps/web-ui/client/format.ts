const cache = new Map<string, Intl.NumberFormat>();

function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = cache.get(key) ?? new Intl.NumberFormat(language, options);
  cache.set(key, known);
  return known;
}

/** The zone in which moments are told; that of the browser where it is absent. One for the whole document. */
let zone: string | undefined;

export function setZone(name: string | undefined): void {
  zone = name;
}

/** The zone that was chosen, if one was. */
export function shownZone(): string | undefined {
  return zone;
}

function moments(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { ...options, hourCycle: 'h23', ...(zone && { timeZone: zone }) });
}

export function formatCount(count: number, language: string): string {
  return numbers(language, {}).format(count);
}

/** `share` is 0–1; one decimal below ten percent where `fine`. */
export function formatShare(share: number, language: string, fine = false): string {
  const maximumFractionDigits = fine && share < 0.1 ? 1 : 0;
  return numbers(language, { style: 'percent', maximumFractionDigits }).format(share);
}

/** The difference between two numbers as a share of the earlier one, with its sign. */
export function formatChange(now: number, before: number, language: string): string {
  const options = { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' } as const;
  return numbers(language, options).format((now - before) / before);
}

/** Two digits where they mean something, none where they do not. */
export function formatRate(perSecond: number, language: string): string {
  return numbers(language, { maximumFractionDigits: perSecond >= 100 ? 0 : perSecond >= 10 ? 1 : 2 }).format(
    perSecond,
  );
}

/** Seconds with the unit of the language, one decimal. */
export function formatSeconds(ms: number, language: string): string {
  const options = { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 1 } as const;
  // English sets no space in front of a unit of one letter.
  return numbers(language, options)
    .format(ms / 1_000)
    .replace(/s$/, ' s');
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A length of time in the largest unit that divides it: `10 minutes`; `hour` where it is one. */
export function formatSpan(ms: number, language: string): string {
  const [unit, unitMs] = UNITS.find(([, of]) => ms % of === 0) ?? UNITS[3];
  const text = numbers(language, { style: 'unit', unit, unitDisplay: 'long' }).format(ms / unitMs);
  return language === 'en' ? text.replace(/^1 /, '') : text;
}

/** A length of time as people say it: `2m 5s`. */
export function formatDuration(ms: number, language: string): string {
  const seconds = Math.round(ms / 1_000);
  const part = (value: number, unit: 'hour' | 'minute' | 'second') =>
    numbers(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
  if (seconds < 60) return part(seconds, 'second');
  if (seconds < 3_600) return `${part(Math.floor(seconds / 60), 'minute')} ${part(seconds % 60, 'second')}`;
  return `${part(Math.floor(seconds / 3_600), 'hour')} ${part(Math.floor((seconds % 3_600) / 60), 'minute')}`;
}

/** `hh:mm:ss`, in every language. */
export function formatTime(instant: string | number): string {
  return moments('en', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(instant));
}

/** Day and time, to the second. */
export function formatMoment(instant: string, language: string): string {
  const date = moments(language, { year: 'numeric', month: 'short', day: 'numeric' }).format(
    new Date(instant),
  );
  return `${date} ${formatTime(instant)}`;
}

/** A slice of time: its day, and its beginning and end as far as they differ from it. */
export function formatSlice(startMs: number, endMs: number, language: string): string {
  const day = moments(language, { weekday: 'short', month: 'short', day: 'numeric' });
  const withSeconds = endMs - startMs < 60_000;
  const time = moments(language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
  });
  const [from, to] = [new Date(startMs), new Date(endMs)];
  const end = day.format(from) === day.format(to) ? time.format(to) : `${day.format(to)} ${time.format(to)}`;
  return `${day.format(from)} ${time.format(from)} – ${end}`;
}

/** Points in time on an axis: days where a new one begins, else the time. */
export function formatTicks(times: readonly number[], language: string): string[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const day = moments(language, { month: 'short', day: 'numeric' });
  const time = moments(language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(step > 0 && step < 60 && { second: '2-digit' }),
  });
  return times.map((seconds, index) => {
    const date = new Date(seconds * 1_000);
    const before = times[index - 1];
    const isNewDay = before !== undefined && day.format(new Date(before * 1_000)) !== day.format(date);
    return step >= 86_400 || isNewDay ? day.format(date) : time.format(date);
  });
}
