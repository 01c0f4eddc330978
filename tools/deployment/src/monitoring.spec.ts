import { describe, expect, it } from '@jest/globals';
import {
  metricsNamedInVain,
  operatorTexts,
  readAlerts,
  readPanels,
  runbookAnchors,
  unknownMetrics,
} from './monitoring.ts';

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

describe.each(operatorTexts())('%s', (_file, text) => {
  it('names metrics that the apps have', () => {
    expect(metricsNamedInVain(text)).toEqual([]);
  });
});

describe('a mistake is found', () => {
  it('in a text that names a metric', () => {
    const text = '`sink_flush_seconds` and `sink_flush_second{topic}` and `collector_acks == 1`';
    expect(metricsNamedInVain(text)).toEqual(['sink_flush_second', 'collector_acks']);
  });

  it('in a link to the runbook', () => {
    expect(runbookAnchors()).toContain('sink-lag');
    expect(runbookAnchors()).not.toContain('sink-lags');
  });

  it.each([
    'sum(rate(collector_event_accepted_total[1m])) by (code)',
    'histogram_quantile(0.99, sum by (le) (rate(sink_durable_second_bucket{app="es-sink"}[5m])))',
    'max(spool_size) > 0',
  ])('in %s', (expression) => {
    expect(unknownMetrics(expression)).toHaveLength(1);
  });
});
