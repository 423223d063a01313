import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', (code) => {
  if (code === 0) for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder for a database and logs, some hundred megabytes in the end: gone with the bench, unless that failed. */
export async function benchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stamps-bench-'));
  folders.push(folder);
  // PostgreSQL does not run as root, and must get to its folder.
  await chmod(folder, 0o755);
  return folder;
}
