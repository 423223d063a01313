/**
 * What customers see: components and incidents with their updates. Rules kept (developer.statuspage.io, “Incidents”
 * and “Components”): an update's components change with it; a resolved incident leaves components as they are told;
 * the impact is what `impact_override` says, else what the worst component says; nothing makes two POSTs one.
 */
import { randomBytes } from 'node:crypto';
import { components as names } from './components.ts';

export const statuses = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export const impacts = ['none', 'maintenance', 'minor', 'major', 'critical'] as const;
export const componentStatuses = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const;
export type ComponentStatus = (typeof componentStatuses)[number];

export interface Component {
  readonly id: string;
  readonly name: string;
  readonly status: ComponentStatus;
}

export interface Incident {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly impact: string;
  readonly impactOverride?: string;
  readonly metadata: Readonly<Record<string, object>>;
  readonly createdAt: number;
  readonly resolvedAt?: number;
  readonly componentIds: readonly string[];
  /** Newest first. */
  readonly updates: readonly Update[];
}

export interface Update {
  readonly id: string;
  readonly status: string;
  readonly body: string;
  readonly at: number;
  /** Subscribers were told. */
  readonly delivered: boolean;
}

export interface Change {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly impact_override?: string | undefined;
  readonly body?: string | undefined;
  readonly components?: Readonly<Record<string, ComponentStatus>> | undefined;
  readonly component_ids?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, object>> | undefined;
  readonly deliver_notifications?: boolean | undefined;
}

const impactOf: Readonly<Record<ComponentStatus, string>> = {
  operational: 'none',
  under_maintenance: 'maintenance',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
};

export class PublicPage {
  readonly #now: () => number;
  readonly #incidents: Incident[] = [];
  readonly #components = new Map<string, Component>(
    names.map(({ id, name }) => [id, { id, name, status: 'operational' as const }]),
  );

  constructor(now: () => number) {
    this.#now = now;
  }

  get components(): Component[] {
    return [...this.#components.values()];
  }

  /** Newest first. */
  get incidents(): Incident[] {
    return this.#incidents.toReversed();
  }

  has(componentId: string): boolean {
    return this.#components.has(componentId);
  }

  open(change: Change & { name: string }): Incident {
    const id = randomBytes(6).toString('hex');
    const fresh: Incident = {
      id,
      name: change.name,
      status: 'investigating',
      impact: 'none',
      metadata: {},
      createdAt: this.#now(),
      componentIds: [],
      updates: [],
    };
    this.#incidents.push(fresh);
    return this.change(id, change) as Incident;
  }

  /** Undefined: there is no such incident. */
  change(id: string, change: Change): Incident | undefined {
    const index = this.#incidents.findIndex((one) => one.id === id);
    const before = this.#incidents[index];
    if (!before) return undefined;
    for (const [component, status] of Object.entries(change.components ?? {})) {
      const known = this.#components.get(component);
      if (known) this.#components.set(component, { ...known, status });
    }
    const componentIds = [
      ...new Set([...before.componentIds, ...(change.component_ids ?? []), ...Object.keys(change.components ?? {})]),
    ];
    const status = change.status ?? before.status;
    const impactOverride = change.impact_override ?? before.impactOverride;
    const words = change.body ?? '';
    const said = words !== '' || status !== before.status || before.updates.length === 0;
    const update: Update = {
      id: randomBytes(6).toString('hex'),
      status,
      body: words,
      at: this.#now(),
      delivered: change.deliver_notifications ?? true,
    };
    const after: Incident = {
      ...before,
      name: change.name ?? before.name,
      status,
      impact: impactOverride ?? this.#worst(componentIds),
      ...(impactOverride !== undefined && { impactOverride }),
      metadata: change.metadata ?? before.metadata,
      componentIds,
      updates: said ? [update, ...before.updates] : before.updates,
      ...(status === 'resolved' && { resolvedAt: this.#now() }),
    };
    this.#incidents[index] = after;
    return after;
  }

  #worst(ids: readonly string[]): string {
    const found = ids.map((id) => this.#components.get(id)?.status ?? 'operational');
    const worst = [...componentStatuses].toReversed().find((status) => found.includes(status));
    return impactOf[worst ?? 'operational'];
  }
}
