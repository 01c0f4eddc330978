/** The folders of `modules/`: each pins the versions of one upstream project. */
export const MODULE_NAMES = ['etcd', 'control-plane', 'kwok', 'keda'] as const;
export type ModuleName = (typeof MODULE_NAMES)[number];

export interface Program {
  readonly module: ModuleName;
  /** The Go package of its `main`. */
  readonly source: string;
}

/** Everything that is built, the short builds first. */
export const PROGRAMS = {
  etcd: { module: 'etcd', source: 'go.etcd.io/etcd/server/v3' },
  kwok: { module: 'kwok', source: 'sigs.k8s.io/kwok/cmd/kwok' },
  kubectl: { module: 'control-plane', source: 'k8s.io/kubernetes/cmd/kubectl' },
  'kube-scheduler': { module: 'control-plane', source: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  'kube-controller-manager': {
    module: 'control-plane',
    source: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  'kube-apiserver': { module: 'control-plane', source: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'keda-operator': { module: 'keda', source: 'github.com/kedacore/keda/v2/cmd/operator' },
  'keda-adapter': { module: 'keda', source: 'github.com/kedacore/keda/v2/cmd/adapter' },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof PROGRAMS;

/** What a run needs; KEDA takes as long as everything else. */
export function programsOf(withKeda: boolean): ProgramName[] {
  return (Object.keys(PROGRAMS) as ProgramName[]).filter(
    (name) => withKeda || PROGRAMS[name].module !== 'keda',
  );
}
