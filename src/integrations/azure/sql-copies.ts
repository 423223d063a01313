import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { CopyState, StoreContent } from '../../ports/recovery.ts';
import type { ResourceKind } from '../../ports/resource-kind.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { copyIn, describeCopy, foreign, sameCopy, tags, tagsOf } from './copy-tags.ts';
import { operationOf, pollOperation, receipt } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';

/** Stable (azure-rest-api-specs, Microsoft.Sql, Databases.json and Usages.json). */
const apiVersion = '2021-11-01';
const databaseType = 'Microsoft.Sql/servers/databases';

const databaseSchema = z.looseObject({
  location: z.string(),
  kind: z.string().nullish(),
  tags,
  properties: z.looseObject({
    status: z.string().default('Unknown'),
    earliestRestoreDate: z.string().nullish(),
    secondaryType: z.string().nullish(),
  }),
});
export type SqlDatabase = z.infer<typeof databaseSchema>;
const usageSchema = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ currentValue: z.number().nullish(), unit: z.string().nullish() }),
});

/** Throws `not-found`. */
export function readDatabase({ arm, call }: AzureContext, id: string, signal: AbortSignal): Promise<SqlDatabase> {
  const [server, name] = parseArmId(id, databaseType).names;
  return call.read(`read the database ${name} on ${server}`, signal, async (signal) =>
    databaseSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
  );
}

/** Copies of SQL databases, restored on the server of their original to a moment: Azure restores beside it, never over it. */
export function createSqlCopies(azure: AzureContext): ResourceKind<CopyState> {
  const { arm, call, clock } = azure;
  return {
    kind: 'sql-copy',
    equals: sameCopy,
    describe: describeCopy,

    async read(ref, signal) {
      try {
        const database = await readDatabase(azure, ref.id, signal);
        return { state: copyIn(database.tags) ?? foreign, busy: database.properties.status === 'Deleting' };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal, runId }) {
      const [server, name] = parseArmId(ref.id, databaseType).names;
      const resource = { path: ref.id, apiVersion };
      if (!to) {
        const found = await readDatabase(azure, ref.id, signal);
        if (!copyIn(found.tags)) throw new OpsError('refused', `Stamps deletes only what it made: ${name} stays.`);
        return call.write(`delete the copy ${name} on ${server}`, signal, async (signal) =>
          receipt(operationOf(await arm.send({ method: 'DELETE', ...resource }, signal), arm, resource)),
        );
      }
      const { location } = await readDatabase(azure, to.from, signal);
      const body = {
        location,
        tags: tagsOf(to, runId),
        properties: { createMode: 'PointInTimeRestore', sourceDatabaseId: to.from, restorePointInTime: to.at },
      };
      return call.write(`restore ${name} on ${server}`, signal, async (signal) =>
        receipt(operationOf(await arm.send({ method: 'PUT', ...resource, body }, signal), arm, resource)),
      );
    },

    poll: (operation, signal) =>
      call.read('follow a restore of SQL', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async pending(ref, state, signal) {
      if (!state) return null;
      const { status } = (await readDatabase(azure, ref.id, signal)).properties;
      return status === 'Online' ? null : `the copy is ${status}, not Online`;
    },
  };
}

/** How large a database is. Its rows are only known to itself: sql-rows.ts. */
export async function sqlContent({ arm, call }: AzureContext, id: string, signal: AbortSignal): Promise<StoreContent> {
  const [server, name] = parseArmId(id, databaseType).names;
  const usages = await call.read(`read the size of ${name} on ${server}`, signal, (signal) =>
    armList(arm, { path: `${id}/usages`, apiVersion }, usageSchema, signal),
  );
  const bytes = usages.find((usage) => usage.name === 'database_size')?.properties.currentValue;
  return bytes === undefined || bytes === null ? {} : { bytes };
}
