import { fraction } from '../demand.ts';
import type { Estate } from '../estate.ts';
import { type Dimension, type MeasuredResource, resource } from './measured-resource.ts';
import type { RequestMinute } from './request-history.ts';
import { vaultId, vaultType } from './resources.ts';

const minuteMs = 60_000;
/** A job without rights on it asks the vault of the standby region so often, so many times. */
const refusedEveryMinutes = 5;
const refusedTimes = 3;

/**
 * Key vaults, as their clients find them. Rules kept (“Supported metrics for Microsoft.KeyVault/vaults”): results are
 * counted, by status code and by its class; availability and latency are means; a minute in which nobody asks has no
 * value. Seeded: what the standby region's Automation reads there is refused, see `automation-jobs.ts`.
 */
export function vaultMetrics(estate: Estate): MeasuredResource[] {
  return estate.regions
    .filter(({ name }) => estate.upkeep.keyVaults.includes(vaultName(name)))
    .map(({ name, cells: ownCells }) => {
      const asked = ({ at }: RequestMinute) => 8 + Math.floor(12 * fraction(`vault:${name}:${at}`));
      const up = ({ cells }: RequestMinute) => {
        const own = new Set(ownCells.map((cell) => cell.name));
        return cells.filter(({ cell }) => own.has(cell)).some(({ works }) => works);
      };
      const refused = ({ at }: RequestMinute) =>
        name === 'westus' && (at / minuteMs) % refusedEveryMinutes === 0 ? refusedTimes : undefined;
      const results = ({ name: dimension, value }: Dimension) => {
        const of = `${dimension.toLowerCase()} ${value.toLowerCase()}`;
        if (of === 'statuscode 403')
          return { total: (minute: RequestMinute) => (up(minute) ? refused(minute) : undefined) };
        if (of === 'statuscodeclass 5xx')
          return { total: (minute: RequestMinute) => (up(minute) ? undefined : asked(minute)) };
        // What did not occur has no series.
        return /^statuscode(class)? \w+$/.test(of) ? { total: () => undefined } : undefined;
      };
      return resource(vaultId(vaultName(name)), vaultType, name, {
        Availability: { unit: 'Percent', average: (minute) => (up(minute) ? 100 : 0) },
        ServiceApiLatency: {
          unit: 'MilliSeconds',
          average: (minute) => (up(minute) ? 12 + 20 * fraction(`latency:${name}:${minute.at}`) : undefined),
        },
        ServiceApiResult: {
          unit: 'Count',
          counted: true,
          total: (minute) => asked(minute) + (up(minute) ? (refused(minute) ?? 0) : 0),
          split: results,
        },
      });
    });
}

function vaultName(region: string): string {
  return `kv-stamps-${region}`;
}
