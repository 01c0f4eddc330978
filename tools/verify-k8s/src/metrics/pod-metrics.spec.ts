import { describe, expect, it } from '@jest/globals';
import { type MeasuredPod, podMetrics } from './pod-metrics.ts';

const pod = (name: string, app: string): MeasuredPod => ({
  metadata: { name, namespace: 'pipeline', labels: { 'app.kubernetes.io/name': app } },
  spec: { containers: [{ name: 'app' }] },
});

describe('metrics of simulated pods', () => {
  it('spread the load of an app evenly over its pods, in the form of metrics-server', () => {
    const pods = [pod('a-1', 'a'), pod('a-2', 'a'), pod('b-1', 'b')];
    expect(podMetrics(pods, new Map([['a', 301]]), new Date('2026-01-01T00:00:00.123Z'))).toMatchObject({
      kind: 'PodMetricsList',
      items: [
        { metadata: { name: 'a-1' }, containers: [{ name: 'app', usage: { cpu: '151m' } }] },
        { metadata: { name: 'a-2' }, containers: [{ usage: { cpu: '151m' } }] },
        {
          metadata: { name: 'b-1' },
          timestamp: '2026-01-01T00:00:00Z',
          containers: [{ usage: { cpu: '0m' } }],
        },
      ],
    });
  });
});
