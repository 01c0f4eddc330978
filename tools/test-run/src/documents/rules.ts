import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Setting } from '@pipeline/config';
import { type ProjectGraph } from '../workspace-rules/project-graph.ts';
import { WORKSPACE } from '../workspace.ts';
import { type Document, type Piece, readDocument } from './markdown.ts';

/** Relative links to files or headings that do not exist. */
export function brokenLinks(document: Document): string[] {
  return document.links
    .filter(({ text }) => !/^(https?|mailto):/.test(text))
    .filter(({ text }) => {
      const [file = '', anchor] = decodeURI(text).split('#');
      const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
      if (!existsSync(join(WORKSPACE, path))) return true;
      if (anchor === undefined || !path.endsWith('.md')) return false;
      return !(path === document.path ? document : readDocument(path)).anchors.has(anchor);
    })
    .map(placed(document));
}

/** `npm run` of scripts that package.json does not have. */
export function unknownScripts(document: Document, scripts: readonly string[]): string[] {
  return codeOf(document)
    .filter(({ text }) =>
      [...text.matchAll(/\bnpm run (?:--\S+ )*([\w:-]+)/g)].some(([, name = '']) => !scripts.includes(name)),
    )
    .map(placed(document));
}

/** Commands of Nx without tasks. */
const WITHOUT_TASK = new Set(['graph', 'reset', 'show', 'report', 'g', 'generate']);

/** `npx nx` of projects or targets that the workspace does not have. */
export function unknownTasks(document: Document, { nodes }: ProjectGraph): string[] {
  const has = (target: string, project?: string) =>
    Object.entries(nodes).some(
      ([name, { data }]) => (project === undefined || name === project) && target in data.targets,
    );
  return codeOf(document)
    .filter(({ text }) =>
      [...text.matchAll(/\bnpx nx ([^|&;]+)/g)].some(([, command = '']) =>
        tasksOf(command.trim().split(/\s+/)).some(([target, project]) => !has(target, project)),
      ),
    )
    .map(placed(document));
}

function tasksOf([verb = '', ...words]: readonly string[]): [target: string, project?: string][] {
  if (WITHOUT_TASK.has(verb)) return [];
  if (verb === 'run-many' || verb === 'affected') {
    const targets = words.slice(words.indexOf('-t') + 1);
    const end = targets.findIndex((word) => word.startsWith('-'));
    return (end === -1 ? targets : targets.slice(0, end)).map((target) => [target]);
  }
  const [project, target] = verb === 'run' ? (words[0] ?? '').split(':') : [words[0], verb];
  const isName = project !== undefined && /^[\w-]+$/.test(project) && !project.startsWith('-');
  return [isName ? [target ?? '', project] : [target ?? '']];
}

/** Addresses on this machine at ports where nothing of ours listens. */
export function unknownAddresses(document: Document, ports: ReadonlySet<number>): string[] {
  return [...codeOf(document), ...document.links]
    .filter(({ text }) =>
      [...text.matchAll(/\blocalhost:(\d+)/g)].some(([, port]) => !ports.has(Number(port))),
    )
    .map(placed(document));
}

/** Where a receiver of traces listens, by convention. */
const OTLP = 4318;

/** Where `npm start` and the files for docker compose listen. */
export function knownPorts(settings: readonly Setting<unknown>[]): Set<number> {
  const ofApps = settings.filter(({ key }) => key.endsWith('_PORT')).map(({ fallback }) => Number(fallback));
  const layers = readdirSync(join(WORKSPACE, 'docker')).filter((name) => /^compose.*\.yaml$/.test(name));
  const ofContainers = layers.flatMap((name) =>
    [...readFileSync(join(WORKSPACE, 'docker', name), 'utf8').matchAll(/127\.0\.0\.1\}?:(\d+):\d+/g)].map(
      ([, port]) => Number(port),
    ),
  );
  return new Set([...ofApps, ...ofContainers, OTLP]);
}

/** Turns of phrase that CONTRIBUTING.md asks to avoid, each with what to write instead. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bfor\s+ever\b/i, 'until …, without limit, never'],
  [/\bof\s+its\s+own\b/i, 'its own, separate, by itself'],
  [/\bgoes\s+on\b/i, 'continue'],
  [/\bnobody\b/i, 'no client, no process: name the actor'],
  [/\bwho\b[^.;:]*\bhe\b/i, 'a client that …, it …'],
];

export function wordsToAvoid(document: Document): string[] {
  return document.prose.flatMap((piece) =>
    WORDS.filter(([word]) => word.test(piece.text)).map(([word, instead]) => {
      const [found = ''] = word.exec(piece.text) ?? [];
      return `${placed(document)({ ...piece, text: `"${found.slice(0, 40)}"` })}: ${instead}`;
    }),
  );
}

function codeOf({ commands, inlineCode }: Document): Piece[] {
  return [...commands, ...inlineCode];
}

function placed({ path }: Document) {
  return ({ line, text }: Piece) => `${path}:${line} ${text}`;
}
