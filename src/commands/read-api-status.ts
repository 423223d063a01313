import type { ApiGatewayStatus, ApiStatus } from '../domain/api-status.ts';
import { minuteMs } from '../domain/duration.ts';
import type { Estate, Region } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { queries } from '../kpis/queries.ts';
import type { ApiService } from '../ports/apim.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { type Reading, readWithin, unlessMissing } from './reading.ts';

const windowMs = 15 * minuteMs;

type ApiPorts = Pick<AzurePorts, 'apim' | 'logs'>;

/** API Management as it is now, read side by side; what could not be read in time is left out and listed. */
export async function readApiStatus(
  estate: Estate,
  azure: ApiPorts & Pick<AzurePorts, 'resourceHealth'>,
  probes: ProbesPort | undefined,
  clock: Clock,
  deadlineMs: number,
): Promise<ApiStatus> {
  return readWithin(clock, deadlineMs, async (reading) => {
    const { attempt, troubles } = reading;
    const [{ service, gateways }, health, answers] = await Promise.all([
      readGateways(estate, azure, clock.now(), reading),
      attempt(
        'Azure Resource Health',
        async (signal) => (await azure.resourceHealth.find(estate.apim.id, signal)) ?? null,
      ),
      Promise.all(
        estate.regions.flatMap(({ name, probeUrl }) =>
          probeUrl === undefined || probes === undefined
            ? []
            : [
                attempt(`probe of ${name}`, (signal) => probes.call(probeUrl, signal)).then((answer) => ({
                  region: name,
                  ...answer,
                })),
              ],
        ),
      ),
    ]);
    if (service === null) troubles.add('API Management: Azure has no service of this name');
    return {
      ...(service && { name: service.name, provisioningState: service.provisioningState }),
      ...(service && { policy: service.globalPolicy?.elements ?? null }),
      gateways,
      ...(health !== undefined && { health }),
      probes: answers,
      troubles: [...troubles],
    };
  });
}

/** API Management's gateway in a region; null: it has none there. */
export async function readRegionGateway(
  estate: Estate,
  azure: ApiPorts,
  region: Region,
  now: number,
  reading: Reading,
): Promise<ApiGatewayStatus | null | undefined> {
  const { service, gateways } = await readGateways(estate, azure, now, reading);
  return service && (gateways.find(({ location }) => plain(location) === plain(region.name)) ?? null);
}

async function readGateways(
  estate: Estate,
  azure: ApiPorts,
  now: number,
  reading: Reading,
): Promise<{ readonly service: ApiService | null | undefined; readonly gateways: ApiGatewayStatus[] }> {
  const [service, byRegion] = await Promise.all([
    unlessMissing(reading, 'API Management', (signal) => azure.apim.service(estate.apim.id, signal)),
    reading.attempt('calls by region', async (signal) => {
      const bind = { apimId: estate.apim.id, frontDoorId: estate.frontDoorId };
      const answer = await azure.logs.query({ kql: queries.apiByRegion, bind, from: now - windowMs, to: now }, signal);
      if (answer.partial !== undefined)
        throw new OpsError('bad-response', `Azure gave a part of the answer only: ${answer.partial}`);
      return new Map(answer.rows.map((row) => [plain(String(row.Region)), row]));
    }),
  ]);
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const gateways = (service?.gateways ?? []).map(({ location, enabled, unreachable }) => {
    const row = byRegion?.get(plain(location));
    const [calls, failed, p95Ms] = [number(row?.calls), number(row?.failed), number(row?.p95)];
    return {
      location,
      enabled,
      ...(unreachable && { unreachable }),
      // Where the log answered and has no row of it, there were none.
      ...(byRegion && { calls: calls ?? 0 }),
      ...(failed !== undefined && { failed }),
      ...(p95Ms !== undefined && { p95Ms }),
    };
  });
  return { service, gateways };
}

/** `East US` in one place is `eastus` in another. */
function plain(region: string): string {
  return region.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
