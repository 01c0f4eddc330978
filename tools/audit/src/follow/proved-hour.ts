import { type FindingKind, type ProvedHour } from '@pipeline/event-schema';

export function isBroken({ broken }: Pick<ProvedHour, 'broken'>): boolean {
  return Object.keys(broken).length > 0;
}

/** Adds what was found of further records. */
export function addBroken(hour: ProvedHour, found: ProvedHour['broken']): void {
  for (const [kind, count] of Object.entries(found) as [FindingKind, number][]) {
    hour.broken[kind] = (hour.broken[kind] ?? 0) + count;
  }
}
