import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProjectGraph, projectGraph } from './project-graph.ts';

const TYPES = ['contract', 'util', 'transport', 'platform', 'app', 'tool', 'testing', 'e2e'];
const SCOPES = ['shared', 'collector-api', 'device-gateway', 'hdfs-sink', 'es-sink', 'web-ui'];

describe('the project graph', () => {
  let graph: ProjectGraph;
  beforeAll(async () => {
    graph = await projectGraph();
  }, 60_000);

  it('has no edge between two apps', () => {
    const apps = Object.keys(graph.nodes).filter((name) => graph.nodes[name]?.data.root.startsWith('apps/'));
    expect(apps.length).toBeGreaterThan(1);
    for (const app of apps) {
      expect((graph.dependencies[app] ?? []).filter(({ target }) => apps.includes(target))).toEqual([]);
    }
  });

  it('has no cycle', () => {
    const behind = (name: string): string[] =>
      (graph.dependencies[name] ?? []).map(({ target }) => target).filter((target) => target in graph.nodes);
    for (const start of Object.keys(graph.nodes)) {
      const reached = new Set<string>();
      for (let next = behind(start); next.length > 0; next = next.flatMap(behind)) {
        next = next.filter((name) => !reached.has(name));
        for (const name of next) reached.add(name);
      }
      expect({ start, reachesItself: reached.has(start) }).toEqual({ start, reachesItself: false });
    }
  });

  it('holds projects with exactly one type and one scope each', () => {
    for (const [name, { data }] of Object.entries(graph.nodes)) {
      const tags = data.tags.filter((tag) => !tag.startsWith('npm:'));
      expect({ name, tags: [...tags].sort() }).toEqual({
        name,
        tags: [
          expect.stringMatching(`^scope:(${SCOPES.join('|')})$`),
          expect.stringMatching(`^type:(${TYPES.join('|')})$`),
        ],
      });
    }
  });
});
