import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { type Database, openDatabase } from '../../src/engine/database.ts';

/** URL of a new database on the test run's server: every migration is done, and there are no rows. */
export async function newDatabaseUrl(): Promise<string> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('test/support/set-up.mjs did not run');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name} template ${process.env.TEST_TEMPLATE}`);
  await client.end();
  return server.replace(/[^/]*$/, name);
}

export async function newDatabase(): Promise<Database & { url: string }> {
  const url = await newDatabaseUrl();
  return Object.assign(await openDatabase(url), { url });
}
