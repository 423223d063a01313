import { z } from 'zod';
import type { BackendHealth } from '../../ports/azure.ts';
import { gatewayApiVersion, gatewayType, poolName, poolType } from './application-gateway.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';
import { retryAfterMs } from './retry-after.ts';
import { azureError } from './translate-error.ts';

type Health = BackendHealth['health'];

/** The gateway asks each of its instances: seconds as a rule, a minute when something hangs. Each request has its own deadline. */
const longestMs = 60_000;
/** Where Azure does not say when to look again. */
const defaultPollMs = 1_000;

/** Worst first: an address that several settings probe is as healthy as the worst of them finds it. */
const worstFirst: readonly Health[] = ['Down', 'Draining', 'Partial', 'Unknown', 'Up'];

const server = z.looseObject({
  address: z.string(),
  health: z.enum(['Up', 'Down', 'Partial', 'Draining', 'Unknown']).catch('Unknown'),
});
const healthSchema = z.looseObject({
  backendAddressPools: z.array(
    z.looseObject({
      backendAddressPool: z.looseObject({ id: z.string() }),
      backendHttpSettingsCollection: z.array(z.looseObject({ servers: z.array(server).nullish() })).nullish(),
    }),
  ),
});

/** Health of each backend of one pool, as the gateway's probes find it; without a rule that uses the pool: none. */
export async function readBackendHealth(
  azure: AzureContext,
  poolId: string,
  signal: AbortSignal,
): Promise<BackendHealth[]> {
  const id = parseArmId(poolId, poolType);
  return (await readHealthOfPools(azure, id.root, signal)).get(poolName(id).toLowerCase()) ?? [];
}

/** The same of all pools, by their names in small letters: a gateway is asked for all of them at once anyway. */
export async function readHealthOfPools(
  azure: AzureContext,
  gatewayId: string,
  signal: AbortSignal,
): Promise<Map<string, BackendHealth[]>> {
  const { root, names } = parseArmId(gatewayId, gatewayType);
  const what = `ask the gateway ${names[0]} for the health of its backends`;
  const body = await askGateway(azure, root, what, signal);
  const { data, error } = healthSchema.safeParse(body);
  if (!data) throw azureError('bad-response', what, error);
  return new Map(
    data.backendAddressPools.map(({ backendAddressPool, backendHttpSettingsCollection }) => [
      backendAddressPool.id.split('/').at(-1)?.toLowerCase() ?? '',
      worstOf(backendHttpSettingsCollection?.flatMap((settings) => settings.servers ?? []) ?? []),
    ]),
  );
}

function worstOf(servers: readonly BackendHealth[]): BackendHealth[] {
  const worst = new Map<string, Health>();
  for (const { address, health } of servers) {
    const known = worst.get(address) ?? 'Up';
    worst.set(address, worstFirst.indexOf(health) < worstFirst.indexOf(known) ? health : known);
  }
  return [...worst]
    .map(([address, health]) => ({ address, health }))
    .sort((a, b) => a.address.localeCompare(b.address));
}

/** POST …/backendhealth, and its Location until the result is there. */
async function askGateway(
  { arm, call, clock }: AzureContext,
  gatewayId: string,
  what: string,
  signal: AbortSignal,
): Promise<unknown> {
  const endsAt = clock.now() + longestMs;
  const path = `${gatewayId}/backendhealth`;
  // A read for all its verb: it changes nothing, so it may be repeated.
  let answer = await call.read(what, signal, (signal) =>
    arm.send({ method: 'POST', path, apiVersion: gatewayApiVersion }, signal),
  );
  let location: string | undefined;
  while (answer.status === 202) {
    const waitMs = retryAfterMs((name) => answer.header(name), clock.now()) ?? defaultPollMs;
    const url = answer.header('location') ?? location;
    if (url === undefined) throw azureError('bad-response', what);
    if (clock.now() + waitMs >= endsAt) throw azureError('timeout', what);
    await clock.sleep(waitMs, signal);
    answer = await call.read(what, signal, (signal) => arm.follow(url, signal));
    location = url;
  }
  return answer.body;
}
