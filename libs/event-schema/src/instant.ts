const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Milliseconds since the epoch of an ISO-8601 instant with a zone (`Z` or `±hh:mm`), years 0000–9999; digits beyond
 * milliseconds are cut. A leap second (`:60`) is the first moment of the next minute.
 * @returns `NaN` for anything else, dates that do not exist included.
 */
export function parseInstant(text: string): number {
  if (!ISO_INSTANT.test(text)) return Number.NaN;
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (twoDigits(text, 11) > 23 || minute > 59 || second > 60) return Number.NaN;
  const day = dayNumber(
    twoDigits(text, 0) * 100 + twoDigits(text, 2),
    twoDigits(text, 5),
    twoDigits(text, 8),
  );
  const clock = (twoDigits(text, 11) * 60 + minute) * MINUTE_MS + second * 1_000 + milliseconds(text);
  return day * DAY_MS + clock - zoneMinutes(text) * MINUTE_MS;
}

/** Whether Elasticsearch takes a text for a date with a zone: as {@link parseInstant}, without leap seconds. */
export function isStoredInstant(text: string): boolean {
  return !Number.isNaN(parseInstant(text)) && twoDigits(text, 17) < 60;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since the epoch, `NaN` where the calendar has no such day. Source: H. Hinnant, `days_from_civil`. */
function dayNumber(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day < 1 || day > (DAYS_IN_MONTH[month - 1] ?? 0) || (month === 2 && day === 29 && !isLeap))
    return Number.NaN;
  const fromMarch = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(fromMarch / 4) - Math.floor(fromMarch / 100) + Math.floor(fromMarch / 400);
  return fromMarch * 365 + leapDays + dayOfYear - 719_468;
}

function milliseconds(text: string): number {
  let ms = 0;
  if (text.charCodeAt(19) !== 0x2e) return ms;
  for (let at = 20, unit = 100; unit >= 1; at += 1, unit /= 10) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    ms += digit * unit;
  }
  return ms;
}

function zoneMinutes(text: string): number {
  if (text.endsWith('Z')) return 0;
  const [hours, minutes] = [twoDigits(text, text.length - 5), twoDigits(text, text.length - 2)];
  if (minutes > 59 || hours * 60 + minutes > 18 * 60) return Number.NaN;
  return (text.at(-6) === '-' ? -1 : 1) * (hours * 60 + minutes);
}

let formattedDay = Number.NaN;
let formattedDate = '';

/** The one form in which instants are stored: ISO-8601 UTC with milliseconds. Years 0000–9999. */
export function formatInstant(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  if (day !== formattedDay) {
    formattedDate = new Date(day * DAY_MS).toISOString().slice(0, 11);
    formattedDay = day;
  }
  const ms = epochMs - day * DAY_MS;
  const minutes = Math.floor(ms / MINUTE_MS);
  const rest = ms - minutes * MINUTE_MS;
  const second = Math.floor(rest / 1_000);
  return `${formattedDate}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:${pad(second)}.${pad3(rest - second * 1_000)}Z`;
}

const PADDED = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));
const PADDED_TWO = PADDED.slice(0, 100).map((text) => text.slice(1));

function pad(number: number): string {
  return PADDED_TWO[number]!;
}

function pad3(number: number): string {
  return PADDED[number]!;
}
