import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { overlayFolder } from '../project-paths.ts';

export interface LocalChanges {
  /** Brokers on this machine, which KEDA asks. */
  readonly brokers: string;
  /** For how long an autoscaler waits before it takes a pod away: minutes in the overlays. */
  readonly coolDownSeconds: number;
}

/** Writes an overlay over one of ours, as somebody would who tries it on his machine. @returns its folder. */
export function writeThrowAwayOverlay(parent: string, overlay: string, changes: LocalChanges): string {
  const folder = join(parent, `overlay-${overlay}`);
  mkdirSync(folder, { recursive: true });
  const base = relative(folder, overlayFolder(overlay));
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization(base, changes)));
  return folder;
}

/** Only what cannot be waited for, or reached, is other than in the overlay. */
export function kustomization(base: string, { brokers, coolDownSeconds }: LocalChanges): object {
  const down = {
    stabilizationWindowSeconds: coolDownSeconds,
    policies: [{ type: 'Pods', value: 1, periodSeconds: coolDownSeconds }],
  };
  const sinks = '/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown';
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [base],
    configMapGenerator: [
      { name: 'kafka', namespace: 'pipeline', behavior: 'merge', literals: [`KAFKA_BROKERS=${brokers}`] },
    ],
    patches: [
      { target: { kind: 'ScaledObject' }, patch: stringify([{ op: 'replace', path: sinks, value: down }]) },
      {
        target: { kind: 'HorizontalPodAutoscaler' },
        patch: stringify([{ op: 'replace', path: '/spec/behavior/scaleDown', value: down }]),
      },
    ],
  };
}
