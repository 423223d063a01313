import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { parseSync } from '@swc/core';

export interface Import {
  /** Path from the root of the project for our own files; the package's name for others. */
  readonly of: string;
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the project, with slashes: `src/domain/plan.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** What it calls or reads without importing it: `Date.now()`, `new Date()`, `fetch()`, `process.env`. */
  readonly globals: readonly string[];
}

/** All files below a folder, with slashes, in order; hidden ones and installed packages left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split(sep).join('/'))
    .filter((path) => !/(^|\/)(\.|node_modules\/|dist\/)/.test(path))
    .sort();
}

/** The TypeScript files below a folder, parsed. */
export function sourceFiles(folder: string): SourceFile[] {
  return filesBelow(folder)
    .filter((path) => /\.tsx?$/.test(path))
    .map(parse);
}

function parse(path: string): SourceFile {
  const code = readFileSync(path, 'utf8');
  const imports: Import[] = [];
  const globals = new Set<string>();
  visit(parseSync(code, { syntax: 'typescript', tsx: path.endsWith('x'), target: 'es2024' }), (node) => {
    const from = importOf(node);
    if (from)
      imports.push({
        ...from,
        of: from.of.startsWith('.') ? normalize(join(dirname(path), from.of)) : packageOf(from.of),
      });
    const used = globalOf(node);
    if (used) globals.add(used);
  });
  return { path, lines: code.split('\n').length, imports, globals: [...globals] };
}

/** A node of the syntax tree, as loose as JSON: we look at a few kinds only. */
type Node = Record<string, unknown> & { type?: string };

function visit(value: unknown, look: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) look(value as Node);
  for (const inner of Object.values(value)) visit(inner, look);
}

function importOf(node: Node): Import | undefined {
  const source = (node.source as Node | undefined)?.value;
  if (node.type === 'ImportDeclaration' && typeof source === 'string') {
    const names = node.specifiers as Node[];
    return {
      of: source,
      typeOnly: Boolean(node.typeOnly) || (names.length > 0 && names.every((name) => name.isTypeOnly)),
    };
  }
  if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && typeof source === 'string') {
    return { of: source, typeOnly: Boolean(node.typeOnly) };
  }
  if (node.type === 'CallExpression' && (node.callee as Node).type === 'Import') {
    const target = (node.arguments as { expression: Node }[])[0]?.expression.value;
    return typeof target === 'string' ? { of: target, typeOnly: false } : undefined;
  }
  return undefined;
}

function globalOf(node: Node): string | undefined {
  const name = (of: unknown) => ((of as Node).type === 'Identifier' ? ((of as Node).value as string) : '');
  if (node.type === 'NewExpression' && (node.arguments as unknown[] | undefined)?.length === 0)
    return `new ${name(node.callee)}()`;
  if (node.type === 'CallExpression' && name(node.callee)) return `${name(node.callee)}()`;
  if (node.type === 'MemberExpression') return `${name(node.object)}.${name(node.property)}`;
  return undefined;
}

/** `@azure/identity` of `@azure/identity/something`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
