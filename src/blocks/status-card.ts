import type { KnownBlock } from '@slack/types';
import type { CellTenant } from '../domain/cell-tenants.ts';
import type { GlobalServices } from '../domain/global-services.ts';
import type { KpiDefinition } from '../domain/kpi.ts';
import type { KpiReport, KpiSubject } from '../domain/kpi-report.ts';
import type { RegionServices } from '../domain/region-services.ts';
import type { HealthSummary } from '../domain/resource-health.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cellTenantsSection } from './cell-tenants.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { context, header, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { apiUseSection, entrySection } from './global-services.ts';
import { indicatorLine } from './kpi-card.ts';
import { kpiStateWords } from './kpi-lines.ts';
import { message } from './message.ts';
import { regionServiceSections } from './region-services.ts';
import { healthLines } from './resource-health.ts';
import { leaseLine, runLine } from './run-lines.ts';
import { statusButtons } from './status-buttons.ts';

/** What was read of a cell just now. An absent field could not be read: it is not known, and shown so. */
export interface CellStatus {
  readonly name: string;
  readonly region: string;
  readonly role: 'active' | 'standby';
  /** Names of cells, or addresses, that the gateway sends its traffic to. */
  readonly servedBy?: readonly string[];
  /** Of those backends, how many the gateway finds healthy. */
  readonly backends?: { readonly healthy: number; readonly all: number };
  readonly revisions?: { readonly active: number; readonly healthy: number };
  /** In place of the revisions, where many cells were looked at: is the newest one ready? */
  readonly newestReady?: boolean;
  readonly replicas?: number;
  /** Mean over the last five minutes. */
  readonly requestsPerSecond?: number;
  readonly tenants?: number;
}

/** The estate at a moment. */
export interface EstateStatus {
  readonly cells: readonly CellStatus[];
  /** Absent: not asked for. `endpoints` absent: not known. */
  readonly traffic?: {
    readonly endpoints?: readonly {
      readonly name: string;
      readonly enabled: boolean;
      readonly monitorStatus: string;
    }[];
  };
  /** Absent: not asked for. */
  readonly global?: GlobalServices;
  readonly services?: RegionServices;
  /** Azure's own word on its resources. Absent: not asked for. `found` absent: not known. */
  readonly health?: { readonly found?: HealthSummary };
  /** Absent: not asked for. `found` absent: not known. */
  readonly tenants?: { readonly found?: readonly CellTenant[] };
  /** Absent: not known. */
  readonly leases?: readonly Lease[];
  readonly runs?: readonly Run[];
  readonly paused?: { readonly by: string; readonly reason: string; readonly at: string };
  /** What could not be read, in words, without repeats. */
  readonly troubles: readonly string[];
  /** Absent: not asked for, or `troubles` say why. */
  readonly indicators?: KpiReport;
  /** What it is of, and what lies around it: for the buttons. */
  readonly subject?: KpiSubject;
  readonly near?: Parameters<typeof statusButtons>[1];
}

/** Cells by region with where their traffic goes, leases, open runs. `scope`: `eastus`, `cell-banking`, `the estate`. */
export function statusCard(status: EstateStatus, scope: string, readAt: string): MessageContent {
  const blocks: KnownBlock[] = [
    header(`Status of ${scope}`),
    ...pausedLine(status),
    ...trafficSection(status),
    ...(status.global ? [entrySection(status.global)] : []),
    ...(status.global ? healthSection(status) : []),
    ...indicatorSection(status),
    ...cellSections(status),
    ...(status.global ? [apiUseSection(status.global)] : []),
    ...(status.services ? regionServiceSections(status.services) : []),
    ...(status.global ? [] : healthSection(status)),
    ...(status.tenants ? cellTenantsSection(status.tenants.found, tenantLatencyOf(status)) : []),
    ...listed('Leases', status.leases?.map(leaseLine)),
    ...listed('Open runs', status.runs?.map(runLine)),
    ...(status.troubles.length > 0
      ? [
          section(
            '*Not known:* some of it could not be read.',
            ...status.troubles.map((says) => `• ${cut(escapeText(says), 200)}`),
          ),
        ]
      : []),
    context(`read at ${date(readAt)}`, ...measuredAt(status)),
    ...(status.subject && status.near ? statusButtons(status.subject, status.near) : []),
  ];
  return message(`Status of ${cut(escapeText(scope), 100)}. ${inWords(status)}`, blocks);
}

/** What a notification and a screen reader tell: how many there are of each kind. */
function inWords({ cells, leases = [], indicators, paused }: EstateStatus): string {
  const kinds = countsOf(cells, leases).map(([sign, count]) => `${count} ${standingWords[sign]}`);
  const states = (['alert', 'warning', 'unknown', 'ok'] as const).flatMap((state) => {
    const count = indicators?.lines.filter((line) => line.state === state).length ?? 0;
    return count === 0 ? [] : [`${count} ${kpiStateWords[state].replace(/^\S+ /, '')}`];
  });
  return [
    ...(paused ? ['Everything is paused.'] : []),
    `Cells: ${kinds.join(', ') || 'none'}.`,
    ...(states.length > 0 ? [`Indicators: ${states.join(', ')}.`] : []),
  ].join(' ');
}

function countsOf(cells: readonly CellStatus[], leases: readonly Lease[]): [(typeof worstFirst)[number], number][] {
  const byStanding = Map.groupBy(cells, (cell) => standing(cell, leases));
  return worstFirst.flatMap((sign) => {
    const count = byStanding.get(sign)?.length;
    return count === undefined ? [] : [[sign, count]];
  });
}

/** Nothing where there are none. */
function listed(title: string, lines: readonly string[] | undefined): KnownBlock[] {
  if (lines === undefined) return [section(`*${title}:* not known`)];
  return lines.length > 0 ? [section(`*${title}*`, ...lines)] : [];
}

function healthSection({ health }: EstateStatus): KnownBlock[] {
  return health === undefined ? [] : [section(...healthLines(health.found))];
}

function tenantLatencyOf({ indicators }: EstateStatus): KpiDefinition | undefined {
  return indicators?.lines.find(({ definition }) => definition.id === 'tenantLatency')?.definition;
}

/** One line an indicator; of what is not known, why. */
function indicatorSection({ indicators }: EstateStatus): KnownBlock[] {
  if (indicators === undefined) return [];
  if (indicators.lines.length === 0) return [section('*Indicators:* not known yet')];
  return [section('*Indicators*', ...indicators.lines.map(indicatorLine))];
}

function measuredAt({ indicators }: EstateStatus): string[] {
  return indicators?.at === undefined ? [] : [`indicators measured until ${date(indicators.at)}`];
}

export function pausedLine({ paused }: Pick<EstateStatus, 'paused'>): KnownBlock[] {
  return paused === undefined
    ? []
    : [
        section(
          `⏸️ *Everything is paused* since ${date(paused.at, 'day')}: ${cut(escapeText(paused.reason), 300) || 'no reason given'}`,
        ),
      ];
}

/** More cells of a region than a glance takes in. */
const manyCells = 20;
const worstFirst = ['⛔', '⚠️', '❔', '✅'] as const;
const standingWords = { '⛔': 'out of service', '⚠️': 'not all healthy', '❔': 'not known', '✅': 'well' } as const;

/** One section a region, one line a cell; of many cells how many there are of each kind, and the worst first. */
export function cellSections({ cells, leases = [] }: Pick<EstateStatus, 'cells' | 'leases'>): KnownBlock[] {
  return [...Map.groupBy(cells, ({ region }) => region)].map(([region, own]) => {
    const name = `*${cut(escapeText(region), 60)}*`;
    if (own.length <= manyCells) return section(name, ...own.map((cell) => cellLine(cell, leases)));
    const byStanding = Map.groupBy(own, (cell) => standing(cell, leases));
    const kinds = countsOf(own, leases).map(([sign, count]) => `${sign} ${count} ${standingWords[sign]}`);
    const sorted = worstFirst.flatMap((sign) => byStanding.get(sign) ?? []);
    return section(
      `${name} — ${own.length} cells: ${kinds.join(', ')}`,
      ...sorted.map((cell) => cellLine(cell, leases)),
    );
  });
}

function cellLine(cell: CellStatus, leases: readonly Lease[]): string {
  const name = `*${cut(escapeText(cell.name), 60)}*`;
  const figures = [
    cell.backends && `${cell.backends.healthy} of ${cell.backends.all} backends healthy`,
    cell.revisions && `${cell.revisions.active} active ${cell.revisions.active === 1 ? 'revision' : 'revisions'}`,
    cell.replicas === undefined ? undefined : `${Math.round(cell.replicas)} replicas`,
    cell.requestsPerSecond === undefined ? undefined : `${Math.round(cell.requestsPerSecond)} req/s`,
    cell.tenants === undefined ? undefined : `${cell.tenants} tenants`,
  ].filter((figure) => figure !== undefined);
  return `${standing(cell, leases)} ${name}${cell.role === 'standby' ? ' (standby)' : ''} — ${meaning(cell, leases)}${figures.length > 0 ? `; ${figures.join(', ')}` : ''}`;
}

function standing(cell: CellStatus, leases: readonly Lease[]): (typeof worstFirst)[number] {
  if (isOut(cell, leases)) return '⛔';
  if (isUnknown(cell)) return '❔';
  return isTroubled(cell) ? '⚠️' : '✅';
}

function meaning(cell: CellStatus, leases: readonly Lease[]): string {
  const lease = leases.find(({ subject }) => subject === cell.name);
  const until = lease === undefined ? '' : ` until ${date(lease.until, 'day')}`;
  const to =
    cell.servedBy === undefined
      ? 'where its traffic goes is not known'
      : `its traffic goes to ${
          cutList(
            cell.servedBy.map((name) => escapeText(name)),
            3,
          ) || 'nowhere'
        }`;
  if (isOut(cell, leases)) return `out of service${until}; ${to}`;
  if (isUnknown(cell)) return 'not known';
  if (isTroubled(cell)) return `in service, ${troubleOf(cell)}`;
  return cell.role === 'standby' ? 'ready' : 'in service';
}

function troubleOf({ revisions, newestReady }: CellStatus): string {
  if (revisions?.active === 0) return 'no active revision';
  return newestReady === false ? 'its newest revision is not ready' : 'not all healthy';
}

/** Its traffic goes elsewhere, or somebody holds it out. */
function isOut(cell: CellStatus, leases: readonly Lease[]): boolean {
  const elsewhere = cell.servedBy !== undefined && !cell.servedBy.includes(cell.name);
  return elsewhere || leases.some(({ subject }) => subject === cell.name);
}

function isUnknown({ servedBy, backends, revisions, newestReady }: CellStatus): boolean {
  return servedBy === undefined || backends === undefined || (revisions === undefined && newestReady === undefined);
}

function isTroubled({ backends, revisions, newestReady }: CellStatus): boolean {
  return (
    newestReady === false ||
    (backends !== undefined && backends.healthy < backends.all) ||
    (revisions !== undefined && (revisions.active === 0 || revisions.healthy < revisions.active))
  );
}

function trafficSection({ traffic }: EstateStatus): KnownBlock[] {
  if (traffic === undefined) return [];
  if (traffic.endpoints === undefined) return [section('*Traffic Manager:* not known')];
  const lines = traffic.endpoints.map(
    ({ name, enabled, monitorStatus }) =>
      `${enabled && monitorStatus === 'Online' ? '✅' : '⚠️'} ${cut(escapeText(name), 60)} — ${enabled ? cut(escapeText(monitorStatus), 40) : 'switched off'}`,
  );
  return [section('*Traffic Manager*', ...(lines.length > 0 ? lines : ['no endpoints']))];
}
