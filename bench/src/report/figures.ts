/** Everything that a table may show, in the order of its columns. */
export const FIGURES = {
  eventsPerSecond: 'events/s',
  p50Ms: 'p50 ms',
  p95Ms: 'p95 ms',
  p99Ms: 'p99 ms',
  nanosecondsPerEvent: 'ns / event',
  timesJsonParse: '× JSON.parse',
  cpuPercent: 'CPU %',
  cpuSecondsPerMillion: 'CPU s / 1,000,000',
  brokerCpuSecondsPerMillion: 'broker CPU s / 1,000,000',
  storeCpuSecondsPerMillion: 'store CPU s / 1,000,000',
  rssMiB: 'RSS MiB',
  peakRssMiB: 'peak RSS MiB',
} as const;

export type FigureName = keyof typeof FIGURES;

export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];
