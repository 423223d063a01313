/**
 * The logical servers of Azure SQL and what their databases say of themselves. Rules kept, in this order, after
 * learn.microsoft.com (“Azure SQL Database and Azure Synapse IP firewall rules”, “Connectivity architecture”,
 * “Troubleshoot common connection issues”, “Database engine events and errors”):
 * - The gateway asks the firewall (40615) and redirects, as it does with whoever connects from inside Azure. The node
 *   that it names has another name, which its certificate must have too.
 * - The node knows a database that is online (else 40613; 4060 for one that is not there), an Entra token for SQL, and
 *   somebody of that name in the database: 18456 for both, without saying which.
 * - The catalog shows tables only to who may see them: with VIEW DEFINITION all of them, without any right none.
 * The emulator's own choices: one statement is understood, and others are refused (40510); a connection sets its
 * options as it likes.
 */
import type { Certificate } from '../certificate.ts';
import type { Estate } from '../estate.ts';
import type { Identity } from '../identity.ts';
import type { RegionLayout } from '../layout.ts';
import { type Database, sqlTables, userAt } from '../recovery/cell-stores.ts';
import { type LoginAnswer, type SqlAnswer, startTdsServer, type TdsServer } from './tds-server.ts';
import type { Login, SqlError } from './tds-wire.ts';

const audience = 'https://database.windows.net';
/** Each server has an address of its own in Azure; here each has a port, and its nodes are called otherwise. */
const gatewayHost = '127.0.0.1';
const nodeHost = 'localhost';

/** Starts one for each region; its address, as ARM names it, goes into the estate. */
export async function startSqlServers(
  world: { readonly estate: Estate; readonly identity: Identity },
  certificate: Certificate,
): Promise<TdsServer[]> {
  return Promise.all(
    world.estate.regions.map(async (region) => {
      const server = await startTdsServer(certificate, (login, port) => logIn(world, region, login, port));
      world.estate.stores.sqlAddresses.set(region.name, `${gatewayHost},${server.port}`);
      return server;
    }),
  );
}

function logIn(
  { estate, identity }: { readonly estate: Estate; readonly identity: Identity },
  region: RegionLayout,
  { server, database, token }: Login,
  port: number,
): LoginAnswer {
  const { stores } = estate;
  const name = `sql-stamps-${region.name}`;
  if (server !== nodeHost) {
    if (!stores.sqlShut.has(region.name)) return { route: { host: nodeHost, port } };
    return error(
      40615,
      14,
      `Cannot open server '${name}' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server.`,
    );
  }
  const store = stores.databaseNamed(name, database);
  if (!estate.regionWorks(region.name) || (store && store.status !== 'ready'))
    return error(40613, 17, `Database '${database}' on server '${name}' is not currently available.`);
  if (!store) return error(4060, 11, `Cannot open database "${database}" requested by the login. The login failed.`);
  if (identity.check(token, [audience]) || userAt(store, estate.now()) === 'none')
    return error(18456, 14, "Login failed for user '<token-identified principal>'.");
  return { session: (statement) => answer(estate, store, statement) };
}

function answer(estate: Estate, store: Database, statement: string): SqlAnswer {
  if (/^\s*set /i.test(statement)) return 'done';
  if (!/from sys\.tables .*sys\.partitions .*index_id in \(0, 1\)/s.test(statement))
    return error(40510, 16, 'This statement is not supported by the emulator.');
  const sees = userAt(store, estate.now()) === 'all';
  const found = sees ? sqlTables(store.content, estate.now()) : [];
  return {
    columns: [
      { name: 'views', type: 'int' },
      { name: 'schema', type: 'sysname' },
      { name: 'table', type: 'sysname' },
      { name: 'rows', type: 'bigint' },
    ],
    rows:
      found.length === 0 ? [[sees ? 1 : 0, null, null, null]] : found.map(([table, rows]) => [1, 'dbo', table, rows]),
  };
}

function error(number: number, level: number, message: string): { readonly error: SqlError } {
  return { error: { number, level, message } };
}
