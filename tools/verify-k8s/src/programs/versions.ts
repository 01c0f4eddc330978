import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from '../project-paths.ts';
import { type ModuleName } from './program.ts';

/** What a module is there for: its upstream project. */
const UPSTREAM = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'control-plane': 'k8s.io/kubernetes',
  kwok: 'sigs.k8s.io/kwok',
  keda: 'github.com/kedacore/keda/v2',
} as const satisfies Readonly<Record<ModuleName, string>>;

/** The pinned version of a module's upstream project, such as `v1.35.4`. */
export function versionOf(module: ModuleName): string {
  return requiredVersion(readFileSync(join(MODULES, module, 'go.mod'), 'utf8'), UPSTREAM[module]);
}

/** `k8s.io/kubernetes@v1.35.4`, as `go mod download` takes it. */
export function upstream(module: ModuleName): string {
  return `${UPSTREAM[module]}@${versionOf(module)}`;
}

/** All versions in one line, for people. */
export function versionLine(): string {
  const [kubernetes, etcd, kwok, keda] = (['control-plane', 'etcd', 'kwok', 'keda'] as const).map((name) =>
    versionOf(name).slice(1),
  );
  return `Kubernetes ${kubernetes}, etcd ${etcd}, kwok ${kwok}, KEDA ${keda}`;
}

/** The version that the text of a `go.mod` requires of a module. @throws Error when it requires none. */
export function requiredVersion(goMod: string, module: string): string {
  const line = goMod
    .split('\n')
    .map((each) => each.trim().replace(/^require /, ''))
    .find((each) => each.startsWith(`${module} v`));
  if (line === undefined) throw new Error(`go.mod requires no ${module}`);
  return line.split(' ')[1] ?? '';
}
