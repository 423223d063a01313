import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

describe('the app', () => {
  it('that finds nothing in its environment names all that is missing and the way without, and ends with EX_CONFIG', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } };
    const [program, ...args] = scripts.start.split(' ').map((arg) => (/^\.\/|\.ts$/.test(arg) ? resolve(arg) : arg));
    expect(program).toBe('node');
    const folder = await mkdtemp(join(tmpdir(), 'stamps-main-'));
    const atExit = `import net from 'node:net'; process.on('exit', () => console.error('connects within', net.getDefaultAutoSelectFamilyAttemptTimeout()))`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atExit)}` };
    try {
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
      for (const missing of [
        'SLACK_BOT_TOKEN is missing',
        'SLACK_SIGNING_SECRET is missing',
        'STAMPS_ESTATE: there is no file',
        'STAMPS_POLICY: there is no file',
        '`npm run sandbox`',
      ])
        expect(stderr).toContain(missing);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(status).toBe(78);
      // Node's own 250 ms make a far region with two addresses seem away.
      expect(stderr).toContain('connects within 1500');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
