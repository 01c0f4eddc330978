export const ZONES = ['a', 'b', 'c'] as const;

export const NODE_NAMES = ZONES.map((zone) => `node-${zone}`);

/** A node per zone, each large enough for everything, that kwok plays. */
export function simulatedNodes(): object[] {
  return ZONES.map((zone) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${zone}`,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': `node-${zone}`,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': zone,
      },
    },
  }));
}
