import type { Connection, ConnectionConfiguration } from 'tedious';
import { z } from 'zod';
import type { TableRows } from '../../domain/table-rows.ts';
import { OpsError } from '../../errors.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';
import { countByHand, grantIn, type SqlAsked, sqlRefusal } from './sql-refusal.ts';

/** Stable (azure-rest-api-specs, Microsoft.Sql, Servers.json). */
const apiVersion = '2021-11-01';
const databaseType = 'Microsoft.Sql/servers/databases';
const scope = 'https://database.windows.net/.default';
const usualPort = 1433;
/** More than these are for people to count. */
const mostTables = 10_000;

/**
 * The one statement, on the catalog. Of sys.tables and sys.partitions everybody sees what they have a right on (“Metadata
 * visibility configuration”), so it also tells whether VIEW DEFINITION on the database lets us see all of it: part of the
 * tables would look like a loss. Heap (0) and clustered index (1) hold a table’s rows; memory-optimised and external
 * tables have neither, and their count is null.
 */
const statement = `
select mine.views, found.[schema], found.[table], found.[rows]
from (
  select count(*) as views from sys.fn_my_permissions(null, 'database') where permission_name = 'VIEW DEFINITION'
) as mine
left join (
  select top (${mostTables + 1}) s.name as [schema], t.name as [table], sum(p.[rows]) as [rows]
  from sys.tables as t
  join sys.schemas as s on s.schema_id = t.schema_id
  left join sys.partitions as p on p.object_id = t.object_id and p.index_id in (0, 1)
  where t.is_ms_shipped = 0
  group by s.name, t.name
  order by s.name, t.name
) as found on 1 = 1`;

const serverSchema = z.looseObject({ properties: z.looseObject({ fullyQualifiedDomainName: z.string() }) });
/** A bigint comes as text. */
const rowSchema = z.tuple([
  z.int(),
  z.string().nullable(),
  z.string().nullable(),
  z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]).nullable(),
]);

/** As `sqlRows` of RecoveryPort. Connecting and asking together stay within a call’s deadline. */
export async function sqlRows(
  { arm, call, credential }: AzureContext,
  deadlineMs: number,
  id: string,
  signal: AbortSignal,
): Promise<TableRows[]> {
  const { names, root } = parseArmId(id, databaseType);
  const [server, database = ''] = names;
  return call.read(`count the rows of ${database} on ${server}`, signal, async (signal) => {
    const { body } = await arm.send({ method: 'GET', path: root, apiVersion }, signal);
    const token = (await credential.getToken(scope, { abortSignal: signal }))?.token ?? '';
    const { host, port } = addressOf(serverSchema.parse(body).properties.fullyQualifiedDomainName, arm.origin);
    const config: ConnectionConfiguration = {
      server: host,
      authentication: { type: 'azure-active-directory-access-token', options: { token } },
      options: {
        port,
        database,
        appName: 'stamps',
        // Not `strict`: redirected, as Azure does with whoever connects from inside, tedious would then check the
        // certificate of the node against the name of the server that it left (ADR 24).
        encrypt: true,
        trustServerCertificate: false,
        cryptoCredentialsDetails: { minVersion: 'TLSv1.2' },
        readOnlyIntent: true,
        connectTimeout: Math.floor(deadlineMs * 0.6),
        requestTimeout: Math.floor(deadlineMs * 0.25),
        cancelTimeout: Math.floor(deadlineMs * 0.05),
        // Tries are the caller’s to decide.
        maxRetriesOnTransientErrors: 0,
        rowCollectionOnRequestCompletion: true,
      },
    };
    const rows = await ask(config, { database, server, token }, signal);
    return tablesOf({ database, token }, z.array(rowSchema).min(1).parse(rows));
  });
}

/** A token for SQL goes to SQL only; an emulator serves it on ARM’s own host, at a port after a comma. */
function addressOf(name: string, armOrigin: string): { host: string; port: number } {
  const [, host = '', port = usualPort] = /^([\w.-]+)(?:,(\d{1,5}))?$/.exec(name.toLowerCase()) ?? [];
  if (!host.endsWith('.database.windows.net') && host !== new URL(armOrigin).hostname)
    throw new OpsError('bad-response', 'Azure names an SQL server at a host that is not SQL’s; it was not asked.', {
      service: 'Azure',
    });
  return { host, port: Number(port) };
}

type Columns = readonly { readonly value: unknown }[];

/** Connects, asks and lets go. tedious is read here, so that an app that never recovers anything never has it. */
async function ask(config: ConnectionConfiguration, asked: SqlAsked, signal: AbortSignal): Promise<unknown[][]> {
  const { Connection, Request } = await import('tedious');
  signal.throwIfAborted();
  const connection: Connection = new Connection(config);
  const close = () => connection.close();
  let number: number | undefined;
  let connected = false;
  connection.on('errorMessage', (message) => {
    number ??= message.number;
  });
  // What breaks a connection also ends what waits for it; without a listener it would end the process.
  connection.on('error', () => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    connected = true;
    return await new Promise<unknown[][]>((resolve, reject) => {
      const request = new Request(statement, (error, _count, rows: Columns[] = []) =>
        error ? reject(error) : resolve(rows.map((columns) => columns.map(({ value }) => value))),
      );
      connection.execSqlBatch(request);
    });
  } catch (thrown) {
    throw sqlRefusal(asked, { number, connected, thrown });
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function tablesOf(
  { database, token }: Pick<SqlAsked, 'database' | 'token'>,
  rows: readonly z.output<typeof rowSchema>[],
): TableRows[] {
  if (rows[0]?.[0] === 0)
    throw new OpsError('not-allowed', `Stamps may connect to ${database}, but not see all of its tables.`, {
      hint: grantIn(token),
      service: 'Azure',
    });
  if (rows.length > mostTables)
    throw new OpsError('refused', `${database} has more than ${mostTables.toLocaleString('en-GB')} tables.`, {
      hint: countByHand,
      service: 'Azure',
    });
  return rows.flatMap(([, schema, name, rows]) =>
    schema === null || name === null ? [] : [{ schema, name, ...(rows !== null && { rows }) }],
  );
}
