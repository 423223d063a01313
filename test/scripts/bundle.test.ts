import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const node = resolve('node_modules/.bin/node');

/** A project of three modules with the scripts of ours; `start` runs its app and answers with what that prints. */
async function openProject() {
  const top = await mkdtemp(join(tmpdir(), 'stamps-bundle-'));
  const write = async (path: string, text: string) => {
    await mkdir(join(top, path, '..'), { recursive: true });
    await writeFile(join(top, path), text);
  };
  await write('package.json', '{"type":"module"}');
  await write('package-lock.json', '{}');
  await write('src/greeting.ts', "export const greeting: string = 'hello';\n");
  await write(
    'src/main.ts',
    "import { greeting } from './greeting.ts';\nconsole.log(greeting, process.argv.slice(2).join(' '), import.meta.url);\n",
  );
  await write(
    'sandbox/start.ts',
    "import { greeting } from '../src/greeting.ts';\nconsole.log('sandbox says', greeting);\n",
  );
  await write('src/engine/dbos.ts', 'export {};\n');
  await mkdir(join(top, 'scripts'));
  for (const script of ['bundle.ts', 'run.ts']) await cp(join('scripts', script), join(top, 'scripts', script));
  await mkdir(join(top, 'node_modules'));
  for (const name of ['esbuild', '@esbuild'])
    await symlink(resolve('node_modules', name), join(top, 'node_modules', name));
  return {
    top,
    write,
    start: (program = 'src/main.ts', ...args: string[]) =>
      run(node, [join(top, 'scripts/run.ts'), join(top, program), ...args], { cwd: tmpdir() }),
    bundles: async () =>
      (await readdir(join(top, 'node_modules/.cache/bundles'))).filter((name) => name.startsWith('bundle-')),
    close: () => rm(top, { recursive: true, force: true }),
  };
}

describe('a program that runs from its bundle', () => {
  let project: Awaited<ReturnType<typeof openProject>>;
  beforeEach(async () => {
    project = await openProject();
  });
  afterEach(() => project.close());

  it('gets its arguments, and finds what lies beside its source', async () => {
    const { stdout } = await project.start('src/main.ts', '--port', '1');
    expect(stdout).toBe(`hello --port 1 ${pathToFileURL(join(project.top, 'src/main.ts')).href}\n`);
    expect((await project.start('sandbox/start.ts')).stdout).toBe('sandbox says hello\n');
  });

  it('is bundled once for both, and again when a source changes, even within the same second', async () => {
    await project.start();
    await project.start('sandbox/start.ts');
    expect(await project.bundles()).toHaveLength(1);
    await project.write('src/greeting.ts', "export const greeting: string = 'HELLO';\n");
    expect((await project.start()).stdout).toMatch(/^HELLO /);
    expect(await project.bundles()).toHaveLength(2);
  });

  it.each(['src/greeting.ts', 'package-lock.json', 'scripts/bundle.ts'])(
    'is bundled again when %s is newer',
    async (path) => {
      await project.start();
      await utimes(join(project.top, path), 1, 1);
      await project.start();
      expect(await project.bundles()).toHaveLength(2);
    },
  );

  it('has one of each module in one process, whatever others have made meanwhile', async () => {
    await project.start();
    const bundle = pathToFileURL(join(project.top, 'scripts/bundle.ts')).href;
    const asked = `(await bundleOf('src/main.ts', ${JSON.stringify(project.top)})).href`;
    const twice = `
      import { bundleOf } from '${bundle}';
      import { utimesSync } from 'node:fs';
      const before = ${asked};
      utimesSync('${join(project.top, 'src/greeting.ts')}', 1, 1);
      console.log(before === ${asked});`;
    expect((await run(node, ['--input-type=module', '--eval', twice])).stdout).toBe('true\n');
  });

  it('keeps a few bundles of earlier sources, for those who run them', async () => {
    for (let second = 1; second <= 6; second += 1) {
      await utimes(join(project.top, 'src/greeting.ts'), second, second);
      await project.start();
    }
    expect(await project.bundles()).toHaveLength(4);
  });

  it('is bundled anew where the project was copied to', async () => {
    await project.start();
    const copy = `${project.top}-copy`;
    try {
      await cp(project.top, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      const { stdout } = await run(node, [join(copy, 'scripts/run.ts'), join(copy, 'src/main.ts')]);
      expect(stdout).toContain(pathToFileURL(join(copy, 'src/main.ts')).href);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  it('is whole for each of several that start at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => project.start()));
    expect(all.map(({ stdout }) => stdout.slice(0, 5))).toEqual(['hello', 'hello', 'hello']);
  });
});

describe('a program without a bundle', () => {
  it('runs from its source, and says why, where no bundler is installed', async () => {
    const project = await openProject();
    try {
      await rm(join(project.top, 'node_modules'), { recursive: true });
      const { stdout, stderr } = await project.start();
      expect(stdout).toMatch(/^hello /);
      expect(stderr).toContain('src/main.ts runs as it is');
      expect(stderr).toContain('esbuild');
    } finally {
      await project.close();
    }
  });

  it('runs from its source where nothing can be written', async () => {
    const project = await openProject();
    try {
      await project.write('node_modules/.cache', 'a file in the way');
      const { stdout, stderr } = await project.start();
      expect(stdout).toMatch(/^hello /);
      expect(stderr).toContain('src/main.ts runs as it is');
    } finally {
      await project.close();
    }
  });

  it('fails as its source does when that is broken', async () => {
    const project = await openProject();
    try {
      await project.write('src/greeting.ts', 'export const greeting = ;\n');
      await expect(project.start()).rejects.toThrow(/greeting\.ts/);
    } finally {
      await project.close();
    }
  });
});

describe('the bundle of the app', () => {
  it('has SQL’s client apart from what a start reads, and without a second copy of Azure’s', async () => {
    const main = pathToFileURL(resolve('scripts/bundle.ts')).href;
    const code = `
      import { readdir, readFile } from 'node:fs/promises';
      import { bundleOf } from ${JSON.stringify(main)};
      const folder = new URL('..', await bundleOf('src/main.ts', ${JSON.stringify(resolve('.'))}));
      const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
      const [tedious] = names.filter((name) => name.startsWith('tedious-'));
      const { Connection, Request } = await import(new URL(tedious, folder));
      const texts = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')]));
      const having = (text) => texts.filter(([, content]) => content.includes(text)).map(([name]) => name.split('-')[0]);
      console.log(JSON.stringify({
        client: [typeof Connection, typeof Request],
        speaksTds: having('Failed to connect to '),
        getsTokens: having('"DefaultAzureCredential")'),
        getsKeys: having('CryptographyClient'),
      }));`;
    const { stdout } = await run(node, ['--input-type=module', '--eval', code]);
    expect(JSON.parse(stdout)).toEqual({
      client: ['function', 'function'],
      speaksTds: ['tedious'],
      getsTokens: ['app'],
      getsKeys: [],
    });
  });
});
