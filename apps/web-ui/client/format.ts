const cache = new Map<string, Intl.NumberFormat>();

function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = cache.get(key) ?? new Intl.NumberFormat(language, options);
  cache.set(key, known);
  return known;
}

export function formatCount(count: number, language: string): string {
  return numbers(language, {}).format(count);
}

/** `share` is 0–1; shown without decimals. */
export function formatShare(share: number, language: string): string {
  return numbers(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
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
  return numbers(language, options).format(ms / 1_000);
}

/** `hh:mm:ss` of the reader's clock, in every language. */
export function formatTime(instant: string): string {
  const date = new Date(instant);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Day and time by the reader's clock, to the second. */
export function formatMoment(instant: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  return format.format(new Date(instant));
}
