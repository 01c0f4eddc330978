import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { WORKSPACE } from './workspace.ts';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** How the names of our metrics begin; whatever a text names so in backticks is one. */
const OURS =
  /`((?:collector|gateway|publisher|sink|consumer|live|history|audit)_[a-z_]+)(?:\{[^}]*\})?[^`]*`/g;
/** Of Prometheus itself, and of the process metrics that every app has. */
const FOREIGN = /^(up|process_[a-z_]+|nodejs_[a-z_]+)$/;
const SUFFIX = /_(bucket|sum|count)$/;
/** A name that is neither a function nor in quotes nor a label: it is followed by a selector, a range or an end. */
const METRIC = /\b([a-z]+(?:_[a-z]+)+|up)\b(?=\s*(?:\{|\[|\)|[<>=+*-]|$|\s))/g;
const WORDS = new Set(['group_left', 'group_right', 'histogram_quantile']);

/** How a part declares its metrics: by `metricsIn`, or by a function of a registry. */
const DECLARED = /^export (?:const (\w+Metrics) = metricsIn\(|function (\w+Metrics)\(registry)/gm;

const KNOWN = await metricNames();

export function readAlerts(): Alert[] {
  const { groups } = parse(read('docker/prometheus/alerts.yml')) as { groups: { rules: Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

export function readPanels(): Panel[] {
  const { panels } = JSON.parse(read('docker/grafana/dashboards/pipeline.json')) as { panels: Panel[] };
  return panels.filter(({ type }) => type !== 'row');
}

/** Metrics that an expression uses and nobody has. */
export function unknownMetrics(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '""')
    .replace(/\{[^}]*\}/g, '{}')
    .replace(/by \([^)]*\)/g, '');
  return [...bare.matchAll(METRIC)]
    .map(([, name = '']) => name)
    .filter((name) => !WORDS.has(name) && !FOREIGN.test(name) && !KNOWN.has(name.replace(SUFFIX, '')));
}

/** Metrics of ours that a text for operators names in backticks and nobody has. */
export function metricsNamedInVain(text: string): string[] {
  return [...text.matchAll(OURS)]
    .map(([, name = '']) => name)
    .filter((name) => !KNOWN.has(name.replace(SUFFIX, '')));
}

/** By file: the runbook, and the READMEs with their tables of failures. */
export function operatorTexts(): [file: string, text: string][] {
  const readmes = ['apps', 'libs', 'tools'].flatMap((kind) =>
    readdirSync(join(WORKSPACE, kind)).map((name) => `${kind}/${name}/README.md`),
  );
  return ['docs/runbook.md', 'docs/deploy.md', 'docs/collector.md', ...readmes].map((file) => [
    file,
    read(file),
  ]);
}

/** The anchors of the headings of docs/runbook.md. */
export function runbookAnchors(): Set<string> {
  const headings = read('docs/runbook.md').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/**
 * Metrics are declared beside what they measure. The declarations are found, not imported by name: a tool may depend on no app
 * and on no platform library.
 */
async function metricNames(): Promise<Set<string>> {
  const registry = new Registry();
  for (const file of globSync('{apps,libs,tools}/*/src/**/*.ts', { cwd: WORKSPACE })) {
    const names = [...read(file).matchAll(DECLARED)].map(([, made, written = '']) => made ?? written);
    if (names.length === 0) continue;
    const declared = (await import(pathToFileURL(join(WORKSPACE, file)).href)) as Record<string, unknown>;
    for (const name of names) (declared[name] as (registry: Registry) => unknown)(registry);
  }
  return new Set(registry.getMetricsAsArray().map(({ name }) => name));
}

function read(file: string): string {
  return readFileSync(join(WORKSPACE, file), 'utf8');
}
