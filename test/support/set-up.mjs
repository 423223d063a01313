import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { Client } from 'pg';
import { createCertificate } from '../../sandbox/azure/certificate.ts';
import { openDatabase } from '../../src/engine/database.ts';
import { startEmbeddedPostgres } from '../../src/engine/embedded-postgres.ts';

/** One real PostgreSQL for all test files; each makes a database of its own in it. A plain module: Node itself runs it. */
export default async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'stamps-test-'));
  const server = await startEmbeddedPostgres(folder);
  globalThis.testPostgres = { ...server, folder };
  await forgetful(server.url);
  process.env.TEST_TEMPLATE = await migrated(server.url);
  process.env.TEST_POSTGRES_URL = server.url;
  // A process trusts what it trusted at its first connection: all emulators of a test run show the same certificate.
  process.env.TEST_CERTIFICATE = JSON.stringify(await createCertificate());
}

/** Nothing of it need outlive a crash of the machine: no commit waits for the disk. Tests that crash a server start their own. */
async function forgetful(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await client.query(`alter system set ${setting} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
}

/** A database as a start of the app leaves it, ours and DBOS's tables made and empty: the others are copies of it. */
async function migrated(url) {
  const name = 'template_of_tests';
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const databaseUrl = url.replace(/[^/]*$/, name);
  const database = await openDatabase(databaseUrl);
  const system = { systemDatabaseUrl: databaseUrl, systemDatabasePool: database.pool };
  DBOS.setConfig({ name: 'stamps', ...system, logLevel: 'warn', runAdminServer: false });
  await DBOS.launch();
  await DBOS.shutdown({ deregister: true });
  await database.query('delete from dbos.application_versions');
  await database.close();
  return name;
}
