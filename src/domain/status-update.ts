import type { Estate } from './estate.ts';
import type { Incident } from './incident.ts';
import type { Severity } from './severity.ts';

/** How far the work is, as the status page says it. */
export const pageStatuses = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type PageStatus = (typeof pageStatuses)[number];

export const pageImpacts = ['none', 'minor', 'major', 'critical'] as const;
export type PageImpact = (typeof pageImpacts)[number];

export const componentStatuses = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
] as const;
export type ComponentStatus = (typeof componentStatuses)[number];

/** A part of the service as customers know it. */
export interface StatusComponent {
  readonly id: string;
  readonly name: string;
  readonly status: ComponentStatus;
}

/** What customers are told at a moment. Its texts are public. */
export interface StatusUpdate {
  readonly name: string;
  readonly status: PageStatus;
  readonly impact: PageImpact;
  readonly body: string;
  /** By component id; those that are not named stay as they are. */
  readonly components: Readonly<Record<string, ComponentStatus>>;
}

/** What is asked for: the first words, more of them, or the last. */
export type StatusPurpose = 'draft' | 'update' | 'resolve';

const impactOf: Readonly<Record<Severity, PageImpact>> = { P0: 'critical', P1: 'major', P2: 'minor', P3: 'none' };
const outageOf: Readonly<Record<Severity, ComponentStatus>> = {
  P0: 'major_outage',
  P1: 'partial_outage',
  P2: 'degraded_performance',
  P3: 'degraded_performance',
};
/** What the first words promise; whoever publishes can promise something else. */
const nextWords: Readonly<Record<Severity, string>> = {
  P0: 'within 30 minutes',
  P1: 'within 60 minutes',
  P2: 'as soon as we know more',
  P3: 'as soon as we know more',
};
const mostNamed = 4;

/** Ids of the components that an incident's place and cells stand for, by the estate file; a cell without takes its region's. */
export function affectedComponents(estate: Estate, { place, cells }: Pick<Incident, 'place' | 'cells'>): string[] {
  const ofRegion = (name: string) => estate.regions.find((region) => region.name === name)?.statusComponent;
  const ofCells = (names: readonly string[]) =>
    estate.cells
      .filter((cell) => names.includes(cell.name))
      .map((cell) => cell.statusComponent ?? ofRegion(cell.region));
  const found = (() => {
    switch (place.scope) {
      case 'cell':
        return ofCells([place.cell, ...cells]);
      case 'region': {
        const region = ofRegion(place.region);
        const inIt = estate.cells.filter((cell) => cell.region === place.region).map(({ name }) => name);
        return region === undefined ? ofCells(inIt) : [region, ...ofCells(cells)];
      }
      case 'global': {
        const all = estate.regions.map(({ name }) => ofRegion(name));
        return all.some((id) => id !== undefined) ? all : ofCells(estate.cells.map(({ name }) => name));
      }
      case 'unknown':
        return ofCells(cells);
    }
  })();
  return [...new Set(found.filter((id) => id !== undefined))];
}

/**
 * Words and components to begin with, for a person to edit. Nothing internal is in them: no cell, no tenant, no count.
 * `last` is what was published before: its name, impact and components go on. `regions`: where it was found to be, when
 * that is less than the incident's place says.
 */
export function draftUpdate(
  purpose: StatusPurpose,
  incident: Pick<Incident, 'severity' | 'place' | 'cells' | 'acknowledgedAt' | 'mitigatedAt'>,
  estate: Estate,
  components: readonly StatusComponent[],
  last?: StatusUpdate,
  regions: readonly string[] = [],
): StatusUpdate {
  const { severity } = incident;
  const affected =
    regions.length === 0
      ? affectedComponents(estate, incident)
      : [
          ...new Set(
            regions.flatMap((region) => affectedComponents(estate, { place: { scope: 'region', region }, cells: [] })),
          ),
        ];
  const everywhere = incident.place.scope === 'global' && regions.length === 0;
  const named = affected.flatMap((id) => components.find((one) => one.id === id)?.name ?? []);
  const status = purpose === 'resolve' ? 'resolved' : nextStatus(purpose, incident, last?.status);
  const what = named.length === 0 ? 'our service' : listed(named);
  const concerned = Object.keys(last?.components ?? {});
  const changes =
    purpose === 'resolve'
      ? [...concerned, ...affected].map((id) => [id, 'operational'] as const)
      : last
        ? Object.entries(last.components)
        : affected.map((id) => [id, outageOf[severity]] as const);
  return {
    name: last?.name ?? `Problems with ${what}`,
    status,
    impact: last?.impact ?? impactOf[severity],
    body: bodyOf(status, what, everywhere ? 'Customers' : 'Some customers', nextWords[severity]),
    components: Object.fromEntries(changes),
  };
}

function nextStatus(
  purpose: StatusPurpose,
  { mitigatedAt }: Pick<Incident, 'mitigatedAt'>,
  last: PageStatus | undefined,
): PageStatus {
  if (mitigatedAt !== undefined) return 'monitoring';
  return purpose === 'update' && last !== undefined && last !== 'resolved' ? last : 'investigating';
}

function bodyOf(status: PageStatus, what: string, who: string, next: string): string {
  switch (status) {
    case 'investigating':
      return `We are investigating problems with ${what}. ${who} may see errors or slow answers. We will say more ${next}.`;
    case 'identified':
      return `We know the cause of the problems with ${what} and are working on it. We will say more ${next}.`;
    case 'monitoring':
      return `The problems with ${what} should be over. We are watching whether it stays so.`;
    case 'resolved':
      return `The problems with ${what} are over. We are sorry for the trouble.`;
  }
}

function listed(names: readonly string[]): string {
  if (names.length > mostNamed)
    return `${names.slice(0, mostNamed - 1).join(', ')} and ${names.length - mostNamed + 1} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
