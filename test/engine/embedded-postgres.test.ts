import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/engine/embedded-postgres.ts';

const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('the embedded PostgreSQL', () => {
  // mkdtemp makes folders that nobody else can enter; only root runs the server as somebody else.
  asRoot('says which folder its user can’t get to, and what to do', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'stamps-closed-'));
    try {
      await expect(startEmbeddedPostgres(join(closed, 'data'))).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining(closed),
        hint: expect.stringContaining('STAMPS_DATA_DIR'),
      });
    } finally {
      await rm(closed, { recursive: true });
    }
  });
});
