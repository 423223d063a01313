import type { ApiStatus } from '../domain/api-status.ts';
import { minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { queries } from '../kpis/queries.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { readWithin } from './reading.ts';

const windowMs = 15 * minuteMs;

/** API Management as it is now, read side by side; what could not be read in time is left out and listed. */
export async function readApiStatus(
  estate: Estate,
  azure: Pick<AzurePorts, 'apim' | 'logs'>,
  probes: ProbesPort | undefined,
  clock: Clock,
  deadlineMs: number,
): Promise<ApiStatus> {
  const now = clock.now();
  return readWithin(clock, deadlineMs, async ({ attempt, troubles }) => {
    const [service, byRegion, answers] = await Promise.all([
      attempt('API Management', (signal) => azure.apim.service(estate.apim.id, signal)),
      attempt('calls by region', async (signal) => {
        const bind = { apimId: estate.apim.id, frontDoorId: estate.frontDoorId };
        const answer = await azure.logs.query(
          { kql: queries.apiByRegion, bind, from: now - windowMs, to: now },
          signal,
        );
        if (answer.partial !== undefined)
          throw new OpsError('bad-response', `Azure gave a part of the answer only: ${answer.partial}`);
        return new Map(answer.rows.map((row) => [plain(String(row.Region)), row]));
      }),
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
    const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
    return {
      ...(service && { name: service.name, provisioningState: service.provisioningState }),
      ...(service && { policy: service.globalPolicy?.elements ?? null }),
      gateways: (service?.gateways ?? []).map(({ location, enabled, unreachable }) => {
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
      }),
      probes: answers,
      troubles: [...troubles],
    };
  });
}

/** `East US` in one place is `eastus` in another. */
function plain(region: string): string {
  return region.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
