import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { dayMs, formatDuration, hourMs } from '../domain/duration.ts';
import { cellsOf, type Estate, findRegion, type Region } from '../domain/estate.ts';
import type { Incident } from '../domain/incident.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { ShownCertificate } from '../ports/readiness.ts';
import { appsLeft, replicasNeeded, standbyLoads } from './region-parts.ts';

export type OpenIncident = Pick<Incident, 'id' | 'title' | 'severity' | 'place' | 'cells'>;

export interface StandbyCheckParts {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: AzurePorts;
  readonly clock: Clock;
  /** Those that nobody has resolved. */
  openIncidents(): Promise<readonly OpenIncident[]>;
}

const both = z.object({ from: z.string(), to: z.string() });
/** What ends while the region is needed is as good as ended: a failover holds for a day unless it is asked otherwise. */
const leastLifeMs = dayMs;
const soonMs = 14 * dayMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });

/** Whether a region that is well is also able to take over: cores, certificates, and no trouble of its own. */
export function createStandbyChecks({
  estate,
  policy,
  azure,
  clock,
  openIncidents,
}: StandbyCheckParts): Record<string, Check> {
  const between =
    (check: (from: Region, to: Region, signal: AbortSignal) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { from, to } = both.parse(args);
      return check(findRegion(estate, from), findRegion(estate, to), signal);
    };

  return {
    'target-has-quota': between(async (from, to, signal) => {
      const context = { estate, azure, signal };
      const [loads, left] = await Promise.all([standbyLoads(context, from, to), appsLeft(context, from, to)]);
      const wanted = await Promise.all(
        loads.map(async (load) => {
          const { standby, cells } = load;
          const [quota, scale] = await Promise.all([
            azure.readiness.quota(standby.containerAppId, signal),
            azure.containerApps.app(standby.containerAppId, signal),
          ]);
          const apps = cells.map(({ containerAppId }) => left.get(containerAppId));
          const needed = replicasNeeded(load, apps, policy.caps.fallbackUtilisationShare);
          const more = Math.max(0, Math.min(needed, scale.maxReplicas) - scale.minReplicas);
          const known = load.requestsPerSecond !== undefined && !apps.includes(undefined);
          return { name: standby.name, quota, more, known };
        }),
      );
      const unsaid = wanted.filter(({ quota, more }) => more > 0 && quota.cores && quota.coresPerReplica === undefined);
      if (unsaid.length > 0)
        return no(
          `Azure does not say how many cores a replica of ${names(unsaid)} takes, so nobody knows whether they fit.`,
        );
      const answers = [...Map.groupBy(wanted, ({ quota }) => quota.environment)].map(([environment, some]) => {
        const cores = some.find(({ quota }) => quota.cores)?.quota.cores;
        if (!cores) return yes(`Azure sets no limit of cores on ${environment}.`);
        const more = some.reduce((sum, { more, quota }) => sum + more * (quota.coresPerReplica ?? 0), 0);
        const least = some.every(({ known }) => known) ? '' : 'at least ';
        const says = `${environment} uses ${figure(cores.used)} of ${figure(cores.limit)} cores, and ${least}${figure(more)} more would be needed.`;
        return { ok: cores.used + more <= cores.limit, says };
      });
      return joined(answers, `Nothing has to be added in ${to.name}.`);
    }),

    'target-has-certificates': between(async (_from, to, signal) => {
      const [gateway, edge] = await Promise.all([
        azure.readiness.gatewayCertificates(to.gatewayId, signal),
        estate.originGroupId === undefined ? [] : azure.readiness.frontDoorCertificates(estate.frontDoorId, signal),
      ]);
      const answers = [
        ...gateway.map((it) => judged(`of the gateway of ${to.name}`, it)),
        ...edge.map((it) => judged('of Front Door', it)),
      ];
      return joined(answers, `Neither the gateway of ${to.name} nor Front Door has a certificate of its own.`);
    }),

    'target-has-no-incident': between(async (_from, to) => {
      const here = (await openIncidents()).filter((incident) => concerns(incident, to));
      const grave = here.filter(({ severity }) => severity !== 'P3');
      const listed = (some: readonly OpenIncident[]) =>
        some.map(({ id, severity, title }) => `${id} (${severity}, ${title})`).join(', ');
      if (grave.length > 0) return no(`${to.name} has trouble of its own: ${listed(grave)}.`);
      return yes(
        here.length > 0 ? `${to.name} has only small trouble: ${listed(here)}.` : `No incident is open in ${to.name}.`,
      );
    }),
  };

  function judged(where: string, { name, expiresAt }: ShownCertificate): CheckAnswer {
    if (expiresAt === undefined) return yes(`Azure does not say when ${name} ${where} ends.`);
    const leftMs = expiresAt - clock.now();
    if (leftMs <= 0) return no(`The certificate ${name} ${where} has ended: browsers and apps would refuse it.`);
    const left = formatDuration(Math.max(hourMs, Math.floor(leftMs / hourMs) * hourMs));
    if (leftMs < leastLifeMs) return no(`The certificate ${name} ${where} ends in ${left}.`);
    return yes(
      `${name} ${where} holds for ${leftMs < soonMs ? `only ${left}` : formatDuration(Math.floor(leftMs / dayMs) * dayMs)}.`,
    );
  }

  function concerns({ place, cells }: OpenIncident, region: Region): boolean {
    const own = cellsOf(estate, region.name).map(({ name }) => name);
    return ('region' in place && place.region === region.name) || cells.some((cell) => own.includes(cell));
  }
}

/** What stands in the way comes first, and alone. */
function joined(answers: readonly CheckAnswer[], otherwise: string): CheckAnswer {
  const against = answers.filter(({ ok }) => !ok);
  const told = against.length > 0 ? against : answers;
  return { ok: against.length === 0, says: told.map(({ says }) => says).join(' ') || otherwise };
}

function names(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(' and ');
}

function figure(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
}
