/**
 * `npm run counts`: how large the product is, in what a reader has to hold. Product is what apps and libs are built of,
 * without specs, doubles, fixtures and what is generated.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { WORKSPACE } from './workspace.ts';

const PRODUCT = /^(apps|libs)\/(?!pipeline-e2e\/|testing\/)[^/]+\/(src|client)\/.*\.tsx?$/;
const NO_PRODUCT = /\.(spec|e2e-spec|bench|double|fixture)\.tsx?$|\/testing\/|catalogue\.ts$/;
const FEW_LINES = 20;

interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly packages: readonly string[];
  readonly types: readonly { readonly name: string; readonly isExported: boolean }[];
}

function productFiles(): SourceFile[] {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: WORKSPACE, encoding: 'utf8' }).split('\0');
  return tracked.filter((path) => PRODUCT.test(path) && !NO_PRODUCT.test(path)).map(read);
}

function read(path: string): SourceFile {
  const text = readFileSync(join(WORKSPACE, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const packages = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const types = source.statements.filter(isNamedType).map((declaration) => ({
    name: declaration.name?.text ?? '',
    isExported: (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0,
  }));
  return { path, lines: text.trimEnd().split('\n').length, packages, types };
}

function isNamedType(
  node: ts.Statement,
): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].sort();
}

const files = productFiles();
const types = files.flatMap((file) => file.types);
const twice = repeated(types.filter(({ isExported }) => isExported).map(({ name }) => name));
const ofKafkajs = files.filter(({ packages }) => packages.some((name) => /^kafkajs(\/|$)/.test(name)));
const rows: readonly (readonly [string, number])[] = [
  ['product files', files.length],
  ['product lines', files.reduce((sum, { lines }) => sum + lines, 0)],
  [`files under ${FEW_LINES} lines`, files.filter(({ lines }) => lines < FEW_LINES).length],
  ['named types', types.length],
  ['exported types defined twice', twice.length],
  ['files that import kafkajs', ofKafkajs.length],
];
for (const [what, count] of rows) console.log(`${what.padEnd(30)} ${String(count).padStart(6)}`);
if (twice.length > 0) console.log(`\ndefined twice: ${twice.join(', ')}`);
