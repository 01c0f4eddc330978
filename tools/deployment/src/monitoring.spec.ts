import { describe, expect, it } from '@jest/globals';
import { readAlerts, readPanels, runbookAnchors, unknownMetrics } from './monitoring.ts';

describe.each(readAlerts().map((alert) => [alert.alert, alert] as const))('the alert %s', (_name, alert) => {
  it('looks at metrics that the apps have', () => {
    expect(unknownMetrics(alert.expr)).toEqual([]);
  });

  it('leads to an entry of the runbook', () => {
    const [file, anchor = ''] = alert.annotations.runbook.split('#');
    expect(file).toBe('docs/runbook.md');
    expect(runbookAnchors()).toContain(anchor);
  });

  it('says how urgent it is', () => {
    expect(['page', 'ticket']).toContain(alert.labels.severity);
  });
});

describe.each(readPanels().map((panel) => [panel.title, panel] as const))('the panel %s', (_title, panel) => {
  it('looks at metrics that the apps have', () => {
    expect((panel.targets ?? []).flatMap(({ expr }) => unknownMetrics(expr))).toEqual([]);
    expect(panel.targets).not.toHaveLength(0);
  });
});

describe('a mistake is found', () => {
  it.each([
    'sum(rate(collector_event_accepted_total[1m])) by (code)',
    'histogram_quantile(0.99, sum by (le) (rate(sink_durable_second_bucket{app="es-sink"}[5m])))',
    'max(spool_size) > 0',
  ])('in %s', (expression) => {
    expect(unknownMetrics(expression)).toHaveLength(1);
  });
});
