import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { WORKSPACE } from './workspace.ts';

const PRODUCT = /^(apps|libs)\/(?!pipeline-e2e\/|testing\/)[^/]+\/(src|client)\/.*\.tsx?$/;
const NO_PRODUCT = /\.(spec|e2e-spec|bench|double|fixture)\.tsx?$|\/testing\/|catalogue\.ts$/;

/** A file that apps and libs are built of: no spec, double, fixture or generated file. */
export interface ProductSource {
  /** From the root of the workspace. */
  readonly path: string;
  readonly lines: number;
  /** As they are written: packages, and paths that begin with a dot. */
  readonly imports: readonly string[];
  readonly types: readonly { readonly name: string; readonly isExported: boolean }[];
}

/** Of all tracked files. */
export function productSources(): ProductSource[] {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: WORKSPACE, encoding: 'utf8' }).split('\0');
  return tracked.filter((path) => PRODUCT.test(path) && !NO_PRODUCT.test(path)).map(read);
}

function read(path: string): ProductSource {
  const text = readFileSync(join(WORKSPACE, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const types = source.statements.filter(isNamedType).map((declaration) => ({
    name: declaration.name?.text ?? '',
    isExported: (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0,
  }));
  const imports = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  return { path, lines: text.trimEnd().split('\n').length, imports, types };
}

function isNamedType(
  node: ts.Statement,
): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

/** Names that more than one file exports for a type. */
export function typesExportedTwice(sources: readonly ProductSource[]): string[] {
  const names = sources.flatMap(({ types }) =>
    types.filter(({ isExported }) => isExported).map(({ name }) => name),
  );
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].sort();
}

/** Pairs of folders that import each other, types included: of neither can it be said that it is the lower one. */
export function foldersBothWays(sources: readonly Pick<ProductSource, 'path' | 'imports'>[]): string[] {
  const edges = new Set<string>();
  for (const { path, imports } of sources) {
    // The door of a library knows each of its folders, and none of them knows the door.
    if (path.endsWith('/src/index.ts')) continue;
    const from = dirname(path);
    for (const name of imports.filter((imported) => imported.startsWith('.'))) {
      const to = dirname(normalize(join(from, name)));
      if (to !== from) edges.add(`${from} ↔ ${to}`);
    }
  }
  const back = (edge: string) => edge.split(' ↔ ').reverse().join(' ↔ ');
  return [...edges].filter((edge) => edge < back(edge) && edges.has(back(edge))).sort();
}
