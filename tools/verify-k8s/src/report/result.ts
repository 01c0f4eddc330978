import { seconds } from './text.ts';

/** How a check ended. */
export interface CheckResult {
  readonly overlay: string;
  readonly title: string;
  readonly ms: number;
  readonly seen: string;
  readonly failure?: string;
}

/** A check in one line, and what it saw in a second one. */
export function resultLines({ overlay, title, ms, seen, failure }: CheckResult): string[] {
  const state = failure === undefined ? 'holds ' : 'BROKEN';
  return [`${state}  ${overlay.padEnd(10)}  ${title}  ${seconds(ms)}`, `        ${failure ?? seen}`];
}

export interface Summary {
  readonly results: readonly CheckResult[];
  readonly versions: string;
  readonly totalMs: number;
}

/** The last lines of a run. */
export function summaryLines({ results, versions, totalMs }: Summary): string[] {
  const broken = results.filter(({ failure }) => failure !== undefined).length;
  return ['', versions, `${results.length - broken} hold, ${broken} broken, ${seconds(totalMs)}`];
}
