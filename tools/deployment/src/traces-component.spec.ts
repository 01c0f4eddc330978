import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Manifest, renderFolder } from './manifests.ts';
import { RULES } from './rules/index.ts';
import { variablesOf } from './rules/variables.ts';
import { workloads } from './rules/workload.ts';
import { schemaErrors } from './schemas/validate.ts';
import { WORKSPACE } from './workspace.ts';

/** An overlay as somebody would write it who wants traces. */
const OVERLAY = (k8s: string) => `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [${k8s}/overlays/production]
components: [${k8s}/components/traces]
`;

describe('the component for traces', () => {
  let folder: string;
  let manifests: Manifest[];
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'overlay-')));
    await mkdir(join(folder, 'traced'));
    const k8s = relative(join(folder, 'traced'), join(await realpath(WORKSPACE), 'k8s'));
    await writeFile(join(folder, 'traced/kustomization.yaml'), OVERLAY(k8s));
    manifests = await renderFolder(join(folder, 'traced'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives every app that traces its settings, and no other', () => {
    const traced = workloads(manifests).filter(({ pod }) =>
      pod.containers.some((container) =>
        variablesOf(manifests, container).has('OTEL_EXPORTER_OTLP_ENDPOINT'),
      ),
    );
    expect(traced.map(({ name }) => name).sort()).toEqual(['collector-api', 'es-sink', 'hdfs-sink']);
  });

  it('fits the schemas and obeys every rule', () => {
    expect(manifests.flatMap(schemaErrors)).toEqual([]);
    expect(Object.values(RULES).flatMap((rule) => rule(manifests))).toEqual([]);
  });
});
