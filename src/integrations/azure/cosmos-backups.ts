import { z } from 'zod';
import type { MetricsPort } from '../../ports/monitor.ts';
import type { StoreContent } from '../../ports/recovery.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { createLanes } from './lanes.ts';
import { parseArmId } from './parse-arm-id.ts';
import { retryAfterMs } from './retry-after.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.DocumentDB, restorable.json and cosmos-db.json). */
const apiVersion = '2024-05-15';
export const cosmosType = 'Microsoft.DocumentDB/databaseAccounts';
const askedAtOnce = 5;
/** How long Azure may take to say how new the backup of a container is. */
const longestAnswerMs = 20_000;
const lookAgainMs = 500;

const restorableSchema = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    accountName: z.string(),
    oldestRestorableTime: z.string().nullish(),
    creationTime: z.string().nullish(),
    deletionTime: z.string().nullish(),
  }),
});
export type Restorable = z.infer<typeof restorableSchema>;
const named = z.looseObject({ name: z.string().regex(/^[^/\\#?]{1,255}$/) });
const informationSchema = z.looseObject({
  continuousBackupInformation: z.looseObject({ latestRestorableTimestamp: z.string() }),
});

/** The account as its backups know it; undefined: it has no continuous backup. */
export async function readRestorable(
  { arm, call }: AzureContext,
  accountId: string,
  signal: AbortSignal,
): Promise<Restorable | undefined> {
  const { subscriptionId, names } = parseArmId(accountId, cosmosType);
  const path = `${subscriptionPath(subscriptionId)}/providers/Microsoft.DocumentDB/restorableDatabaseAccounts`;
  const all = await call.read('read which Cosmos accounts can be restored', signal, (signal) =>
    armList(arm, { path, apiVersion }, restorableSchema, signal),
  );
  const name = names[0].toLowerCase();
  // A deleted account of the same name is listed as well.
  return all.find(({ properties: it }) => it.accountName.toLowerCase() === name && !it.deletionTime);
}

/** `database/container` of all its containers. */
export async function cosmosContainers(
  { arm, call }: AzureContext,
  accountId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const [name] = parseArmId(accountId, cosmosType).names;
  const list = (path: string) =>
    call.read(`list the containers of ${name}`, signal, (signal) => armList(arm, { path, apiVersion }, named, signal));
  const inLane = createLanes(askedAtOnce);
  const databases = await list(`${accountId}/sqlDatabases`);
  const containers = await Promise.all(
    databases.map((database) =>
      inLane(async () =>
        (await list(`${accountId}/sqlDatabases/${encodeURIComponent(database.name)}/containers`)).map(
          (container) => `${database.name}/${container.name}`,
        ),
      ),
    ),
  );
  return containers.flat().sort();
}

/**
 * The latest moment to which all containers can be restored, ISO 8601: each has its own. Undefined when there is none.
 * Azure answers each by a long-running operation.
 */
export async function latestRestorable(
  azure: AzureContext,
  accountId: string,
  writeRegion: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const containers = await cosmosContainers(azure, accountId, signal);
  const inLane = createLanes(askedAtOnce);
  const moments = await Promise.all(
    containers.map((container) => inLane(() => latestOf(azure, accountId, container, writeRegion, signal))),
  );
  return moments.length === 0 ? undefined : new Date(Math.min(...moments)).toISOString();
}

async function latestOf(
  { arm, call, clock }: AzureContext,
  accountId: string,
  container: string,
  location: string,
  signal: AbortSignal,
): Promise<number> {
  const [database = '', name = ''] = container.split('/').map(encodeURIComponent);
  const path = `${accountId}/sqlDatabases/${database}/containers/${name}/retrieveContinuousBackupInformation`;
  const what = `read how new the backup of ${container} is`;
  let answer = await call.read(what, signal, (signal) =>
    arm.send({ method: 'POST', path, apiVersion, body: { location } }, signal),
  );
  const where = answer.header('location');
  const endsAt = clock.now() + longestAnswerMs;
  while (answer.status === 202) {
    if (where === undefined) throw azureError('bad-response', what);
    if (clock.now() > endsAt) throw azureError('timeout', what);
    const waitMs = retryAfterMs((header) => answer.header(header), clock.now()) ?? lookAgainMs;
    await clock.sleep(Math.max(waitMs, 50), signal);
    answer = await call.read(what, signal, (signal) => arm.follow(where, signal));
  }
  const { latestRestorableTimestamp } = informationSchema.parse(answer.body).continuousBackupInformation;
  const at = parseAzureTime(latestRestorableTimestamp);
  if (Number.isNaN(at)) throw azureError('bad-response', what);
  return at;
}

/** `10/26/2021 5:27:45 PM` is UTC (learn.microsoft.com, “Get the latest restorable timestamp”); ISO 8601 is as it says. */
export function parseAzureTime(text: string): number {
  return Date.parse(/^\d{1,2}\/\d{1,2}\/\d{4} [\d:]+ [AP]M$/i.test(text) ? `${text} UTC` : text);
}

const fiveMinutesMs = 5 * 60_000;
/** Counted every five minutes, and told some minutes later. */
const lookBackMs = 6 * fiveMinutesMs;

/** Containers, and documents and bytes as they were last measured. */
export async function cosmosContent(
  azure: AzureContext,
  metrics: MetricsPort,
  accountId: string,
  metricsUrl: string,
  signal: AbortSignal,
): Promise<StoreContent> {
  const now = azure.clock.now();
  const [containers, { series }] = await Promise.all([
    cosmosContainers(azure, accountId, signal),
    metrics.query(
      {
        resourceIds: [accountId],
        namespace: cosmosType,
        metrics: [
          { name: 'DocumentCount', aggregation: 'total' },
          { name: 'DataUsage', aggregation: 'total' },
        ],
        metricsUrl,
        from: now - lookBackMs,
        // The interval that is not over counts in part.
        to: now - (now % fiveMinutesMs),
        interval: 'PT5M',
      },
      signal,
    ),
  ]);
  const last = (metric: string) => series.get(accountId)?.get(metric)?.at(-1)?.value;
  const [documents, bytes] = [last('DocumentCount'), last('DataUsage')];
  return { containers, ...(documents !== undefined && { documents }), ...(bytes !== undefined && { bytes }) };
}
