import { findIncidents } from './alerts/incident-store.ts';
import type { EngineContext } from './engine/context.ts';
import { createFloorKind, floors } from './engine/floor-kind.ts';
import { createLeaseKind } from './engine/lease-kind.ts';
import { createReportTimes } from './engine/report-times.ts';
import { openLeases } from './engine/run-store.ts';
import { createSqlFloorKind, sqlFloors } from './engine/sql-floor-kind.ts';
import { createTell } from './engine/tell.ts';
import { createChecks } from './playbooks/checks.ts';
import { createCompareCopies } from './playbooks/compare-copies.ts';
import { createRecoveryChecks } from './playbooks/recovery-checks.ts';
import { createRegionChecks } from './playbooks/region-checks.ts';
import { createSay } from './playbooks/say.ts';
import { createScalingChecks } from './playbooks/scaling-checks.ts';
import { createSqlScalingChecks } from './playbooks/sql-scaling-checks.ts';
import type { AzurePorts } from './ports/azure.ts';
import type { Clock } from './ports/clock.ts';
import type { ProbesPort } from './ports/probes.ts';

type Given = Pick<EngineContext, 'database' | 'estate' | 'policy' | 'presenter'> & {
  readonly azure: AzurePorts;
  readonly probes: ProbesPort;
  readonly clock: Clock;
};

/** What the steps of plans are made of, by name: the kinds of resources that they change, their checks and their acts. */
export function createPlanParts({
  database,
  estate,
  policy,
  presenter,
  azure,
  probes,
  clock,
}: Given): Pick<EngineContext, 'kinds' | 'checks' | 'acts'> {
  const kinds = [
    azure.gateways,
    azure.containerApps,
    azure.suppressions,
    azure.alertRules,
    azure.traffic,
    azure.scale,
    azure.frontDoor,
    azure.sql,
    azure.sqlTiers,
    azure.cosmosAccounts,
    azure.storageAccounts,
    azure.recovery.sqlCopies,
    azure.recovery.cosmosCopies,
    azure.recovery.blobRestores,
    azure.appData.revisions,
    azure.appData.traffic,
    createLeaseKind(database),
    createFloorKind(database),
    createSqlFloorKind(database),
  ];
  return {
    kinds: Object.fromEntries(kinds.map((kind) => [kind.kind, kind])),
    checks: {
      ...createChecks({ estate, policy, azure, leases: () => openLeases(database) }),
      ...createRegionChecks({
        estate,
        policy,
        azure,
        probes,
        clock,
        leases: () => openLeases(database),
        openIncidents: () => findIncidents(database),
      }),
      ...createScalingChecks({
        ...{ estate, policy, azure },
        leases: () => openLeases(database),
        floors: () => floors(database),
      }),
      ...createSqlScalingChecks({ ...{ estate, policy, azure, clock }, sqlFloors: () => sqlFloors(database) }),
      ...createRecoveryChecks({ estate, azure }),
    },
    acts: {
      'report-times': createReportTimes({ database, presenter }),
      'compare-copies': createCompareCopies({ estate, azure }, createTell({ database, presenter }, 'copies')),
      say: createSay(createTell({ database, presenter }, 'say')),
    },
  };
}
