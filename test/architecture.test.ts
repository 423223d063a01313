import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { filesBelow, type SourceFile, sourceFiles } from './support/source-files.ts';

/**
 * Who may import whom in `src`; `types` allows `import type` only. Everybody may import `errors.ts` and `secret.ts`,
 * and its own folder (an integration: its own vendor's). `app.ts` and `main.ts` put it all together,
 * and so do the parts of `app.ts` beside it.
 */
const mayImport: Readonly<Record<string, { readonly all: readonly string[]; readonly types?: readonly string[] }>> = {
  domain: { all: [] },
  ports: { all: ['domain'] },
  engine: { all: ['domain', 'ports'] },
  blocks: { all: ['domain'], types: ['ports'] },
  pictures: { all: ['domain'] },
  playbooks: { all: ['domain', 'ports'] },
  alerts: { all: ['domain', 'ports', 'engine', 'blocks', 'pictures'] },
  kpis: { all: ['domain', 'ports', 'engine', 'blocks', 'pictures'] },
  scaling: { all: ['domain', 'ports', 'engine', 'blocks', 'pictures'] },
  digests: { all: ['domain', 'ports', 'engine', 'blocks', 'pictures', 'kpis'] },
  commands: { all: ['domain', 'engine', 'playbooks', 'alerts', 'kpis', 'blocks', 'pictures'], types: ['ports'] },
  interactions: {
    all: ['domain', 'engine', 'playbooks', 'alerts', 'kpis', 'blocks', 'pictures', 'commands'],
    types: ['ports'],
  },
  integrations: { all: ['domain', 'ports'] },
  observability: { all: ['domain', 'ports'], types: ['config'] },
};

/** Packages that only their vendor's integration may import; their types too. */
const vendorOf: readonly (readonly [RegExp, string])[] = [
  [/^(@azure\/|tedious$)/, 'azure'],
  [/^@slack\/(bolt|web-api)$/, 'slack'],
  [/^@pagerduty\//, 'pagerduty'],
];

const compositionRoot = ['src/app.ts', 'src/declared-files.ts', 'src/main.ts', 'src/plan-parts.ts'];
const src = sourceFiles('src');
const sandbox = sourceFiles('sandbox');

/** `domain` of `src/domain/plan.ts`, `config` of `src/config.ts`. */
function part(path: string): string {
  return path.split('/')[1]?.replace(/\.tsx?$/, '') ?? '';
}

/** `slack` of `src/integrations/slack/client.ts`. */
function vendor(path: string): string {
  return path.split('/')[2] ?? '';
}

function forbiddenImports(file: SourceFile): string[] {
  const from = part(file.path);
  const rule = mayImport[from];
  return file.imports
    .filter(({ of, typeOnly }) => {
      if (!of.startsWith('src/')) return of.startsWith('sandbox/') || of.startsWith('test/');
      const to = part(of);
      if (to === 'errors' || to === 'secret') return false;
      if (to === from) return from === 'integrations' && vendor(of) !== vendor(file.path);
      if (!rule) return from !== 'config';
      return !rule.all.includes(to) && !(typeOnly && rule.types?.includes(to));
    })
    .map(({ of }) => `${file.path} imports ${of}`);
}

describe('the tree', () => {
  it('has a rule for every folder of src', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !(name in mayImport))).toEqual([]);
  });

  it('lets each folder of src import only what it may', () => {
    expect(src.filter(({ path }) => !compositionRoot.includes(path)).flatMap(forbiddenImports)).toEqual([]);
  });

  it('keeps the sandbox out of all of src', () => {
    expect(
      src.flatMap(({ path, imports }) => imports.filter(({ of }) => of.startsWith('sandbox/')).map(() => path)),
    ).toEqual([]);
  });

  it('keeps each vendor’s packages within its integration', () => {
    const strays = src
      .filter(({ path }) => !compositionRoot.includes(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ of }) =>
            vendorOf.some(([name, home]) => name.test(of) && !path.startsWith(`src/integrations/${home}/`)),
          )
          .map(({ of }) => `${path} imports ${of}`),
      );
    expect(strays).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(cycles([...src, ...sandbox])).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    expect(src.filter(({ globals }) => globals.includes('process.env')).map(({ path }) => path)).toEqual([
      'src/config.ts',
    ]);
  });

  it('keeps clock, randomness and network out of domain and playbooks', () => {
    const impure = [
      'Date.now',
      'new Date()',
      'Date()',
      'Math.random',
      'fetch()',
      'setTimeout()',
      'setInterval()',
      'performance.now',
    ];
    const found = src
      .filter(({ path }) => ['domain', 'playbooks'].includes(part(path)))
      .flatMap(({ path, globals }) =>
        globals.filter((used) => impure.includes(used)).map((used) => `${path}: ${used}`),
      );
    expect(found).toEqual([]);
  });

  it('is at most two folders deep below src', () => {
    expect(src.map(({ path }) => path).filter((path) => path.split('/').length > 4)).toEqual([]);
  });

  it('has no file whose name says nothing', () => {
    const paths = ['src', 'sandbox', 'test', 'scripts'].flatMap(filesBelow);
    expect(paths.filter((path) => /(^|[/-])(utils?|helpers?|managers?|common|misc)([-./]|$)/.test(path))).toEqual([]);
  });
});

describe.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s', (document) => {
  it('names only paths that exist', () => {
    const text = readFileSync(document, 'utf8').replace(/[\w./-]*<\w+>[\w./-]*/g, '');
    const named = [...text.matchAll(/[`(]((?:src|sandbox|test|docs|scripts|bench)\/[\w./-]*)[`)]/g)].map(
      ([, path]) => path,
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((path) => !existsSync(path as string))).toEqual([]);
  });
});

describe('the project’s text', () => {
  it('names no path of the machine it was written on', () => {
    const machines = new RegExp(`[\\s"'\`(=]/(?:${['work', 'farm', 'root', 'home', 'Users'].join('|')})/`);
    const folders = ['src', 'sandbox', 'test', 'scripts', 'docs'].flatMap(filesBelow);
    const top = readdirSync('.').filter((name) => /\.(md|json|mjs|yml)$/.test(name) && name !== 'package-lock.json');
    expect([...folders, ...top].filter((path) => machines.test(readFileSync(path, 'utf8')))).toEqual([]);
  });
});

/** Each cycle once, as the path that leads back to its start. */
function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(files.map((file) => [file.path, file.imports.map(({ of }) => of)]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return found;
}
