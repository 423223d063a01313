import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchWorld, openBenchWorld } from '../../bench/bench-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(300_000);

/** What Node keeps of the app's own modules, some 5 MB of text, is more than this. */
const mostOfItBytes = 1_000_000;

describe('an app that has started', () => {
  let [folder, before]: [string, string | undefined] = ['', undefined];
  let world: BenchWorld;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stamps-compiled-'));
    before = process.env.NODE_COMPILE_CACHE;
    // Goes before the folder that `scripts/compile-cache.mjs` names.
    process.env.NODE_COMPILE_CACHE = folder;
    world = await openBenchWorld({ databaseUrl: await newDatabaseUrl() });
    await world.startApp();
  });
  afterAll(async () => {
    await world.close();
    if (before === undefined) delete process.env.NODE_COMPILE_CACHE;
    else process.env.NODE_COMPILE_CACHE = before;
    await rm(folder, { recursive: true, force: true });
  });

  it('has written what it compiled for the next start, though it may be killed and never end by itself', async () => {
    for (const endsAt = Date.now() + 10_000; (await bytesIn(folder)) < mostOfItBytes; await sleep(50)) {
      if (Date.now() > endsAt) throw new Error(`${await bytesIn(folder)} bytes are kept`);
    }
  });
});

async function bytesIn(folder: string): Promise<number> {
  const paths = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}
