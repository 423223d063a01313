import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../../sandbox/azure/certificate.ts';
import { startEmbeddedPostgres } from '../../src/engine/embedded-postgres.ts';

/** One real PostgreSQL for all test files; each makes a database of its own in it. A plain module: Node itself runs it. */
export default async function setUp() {
  const server = await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'stamps-test-')));
  globalThis.testPostgres = server;
  process.env.TEST_POSTGRES_URL = server.url;
  // A process trusts what it trusted at its first connection: all emulators of a test run show the same certificate.
  process.env.TEST_CERTIFICATE = JSON.stringify(await createCertificate());
}
