import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsers } from 'prettier/plugins/markdown';
import { WORKSPACE } from '../workspace.ts';

/** A piece of a document with the line that it begins in. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

export interface Document {
  /** From the workspace's root. */
  readonly path: string;
  /** Headings as GitHub links to them. */
  readonly anchors: ReadonlySet<string>;
  /** Targets of links and images, those in HTML included. */
  readonly links: readonly Piece[];
  /** What is to be read, without code, links' targets and HTML; one piece per paragraph, heading or cell. */
  readonly prose: readonly Piece[];
  /** Code in a line of text. */
  readonly inlineCode: readonly Piece[];
  /** Commands of shell blocks: continued lines joined, without comments. */
  readonly commands: readonly Piece[];
}

/** What the parser of prettier, an mdast parser, makes of Markdown. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly lang?: string | null;
  readonly children?: readonly Node[];
  readonly position: { readonly start: { readonly line: number } };
}

const BLOCKS_OF_PROSE = new Set(['paragraph', 'heading', 'tableCell']);

/** Paths of all documents of the workspace, without those that were installed, built or measured. */
export function documentPaths(): string[] {
  const folders = ['apps', 'bench', 'docs', 'libs', 'tools'];
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(WORKSPACE, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => name.endsWith('.md') && !/(^|\/)(node_modules|dist|test-results|results)\//.test(name),
      )
      .map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inFolders.sort()];
}

export function readDocument(path: string): Document {
  return parseDocument(path, readFileSync(join(WORKSPACE, path), 'utf8'));
}

export function parseDocument(path: string, markdown: string): Document {
  // The parser does not look at its options.
  const nodes = flattened(parsers.markdown.parse(markdown, {} as never) as Node);
  const ofType = (...types: string[]) => nodes.filter(({ type }) => types.includes(type));
  const piece = ({ position, value = '' }: Node): Piece => ({ line: position.start.line, text: value });
  return {
    path,
    anchors: anchorsOf(ofType('heading').map(readableText)),
    links: [
      ...ofType('link', 'image', 'definition').map((node) => ({ ...piece(node), text: node.url ?? '' })),
      ...ofType('html', 'jsx').flatMap((node) => linksInHtml(piece(node))),
    ],
    prose: nodes
      .filter(({ type }) => BLOCKS_OF_PROSE.has(type))
      .map((node) => ({ ...piece(node), text: readableText(withoutCode(node)) })),
    inlineCode: ofType('inlineCode').map(piece),
    commands: ofType('code')
      .filter(({ lang }) => !lang || lang === 'sh')
      .flatMap((node) => commandsIn(piece(node))),
  };
}

function flattened(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(flattened)];
}

function withoutCode(node: Node): Node {
  const { children } = node;
  if (node.type === 'inlineCode') return { ...node, value: '`…`' };
  return children === undefined ? node : { ...node, children: children.map(withoutCode) };
}

/** What a reader sees, formatting and HTML aside. */
function readableText({ type, value, children }: Node): string {
  if (type === 'html') return '';
  return children === undefined ? (value ?? '') : children.map(readableText).join('');
}

function linksInHtml({ line, text }: Piece): Piece[] {
  return [...text.matchAll(/\b(?:href|src|srcset)="([^"]+)"/g)].map(([, url = '']) => ({ line, text: url }));
}

function commandsIn({ line, text }: Piece): Piece[] {
  const commands: Piece[] = [];
  let continued = '';
  for (const [n, row] of text.split('\n').entries()) {
    const whole = continued + row.replace(/(^|\s)#.*$/, '').trim();
    continued = whole.endsWith('\\') ? `${whole.slice(0, -1).trim()} ` : '';
    if (continued === '' && whole !== '') commands.push({ line: line + 1 + n, text: whole });
  }
  return commands;
}

/** A title that comes again gets a number. */
function anchorsOf(titles: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const title of titles) {
    const anchor = title
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}_ -]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}
