import { type Rule } from './rule.ts';
import { type Container, workloads } from './workload.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Every container asks for processor and memory, has a memory limit, and asks for no more than its limits. */
export const resourcesFit: Rule = (manifests) =>
  workloads(manifests).flatMap(({ kind, name, pod }) =>
    pod.containers.flatMap((container) => problems(container).map((problem) => `${kind} ${name} ${problem}`)),
  );

function problems({ resources }: Container): string[] {
  const { requests = {}, limits = {} } = resources ?? {};
  const missing = ['cpu', 'memory'].filter((key) => !(key in requests)).map((key) => `requests no ${key}`);
  const unlimited = 'memory' in limits ? [] : ['has no memory limit'];
  const above = Object.entries(requests)
    .filter(([key, value]) => amount(value) > amount(limits[key] ?? Infinity))
    .map(([key, value]) => `requests ${value} of ${key}, above its limit of ${limits[key] ?? ''}`);
  return [...missing, ...unlimited, ...above];
}

/** `250m` → 0.25, `512Mi` → 536870912. */
function amount(quantity: string | number): number {
  const [, digits = '', unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  return digits === '' ? Number(quantity) : Number(digits) * (UNITS[unit] ?? NaN);
}
