/**
 * PagerDuty's incidents. Rules kept (PagerDuty/developer-docs, docs/events-API-v2, and the REST API reference): one
 * open incident for one key and service; a key that was resolved opens another one; acknowledge and resolve of what is
 * not open change nothing; a new incident is assigned to who is on call at the policy's first level, or to the people
 * that it was created for. And of its support pages, “Incidents” and “Edit Incidents”: an acknowledgement that times out
 * is a triggered incident again; who it is reassigned or escalated to is woken, so it is triggered; delegating it is
 * giving it to another policy; a priority changes nothing else; a resolved incident can be reopened.
 */
import { type OnCall, onCalls, type PagerService, type PagerUser, policies, services, userById } from './account.ts';

export type Status = 'triggered' | 'acknowledged' | 'resolved';

export interface Incident {
  readonly id: string;
  readonly number: number;
  readonly key: string;
  readonly title: string;
  readonly details: string;
  readonly service: PagerService;
  readonly policyId: string;
  readonly assignees: readonly PagerUser[];
  /** How often it was triggered since it was opened. */
  readonly triggers: number;
  readonly status: Status;
  /** `P1`, as the account names them; absent: none. */
  readonly priority?: string;
  readonly createdAt: number;
  readonly notes: readonly Note[];
}

export interface Note {
  readonly id: string;
  readonly by: PagerUser;
  readonly text: string;
  readonly at: number;
}

/** What happened, for the webhooks. `by`: the user who did it; absent: the API did. */
export interface Happening {
  readonly type:
    | 'triggered'
    | 'acknowledged'
    | 'unacknowledged'
    | 'resolved'
    | 'reopened'
    | 'annotated'
    | 'reassigned'
    | 'escalated'
    | 'delegated'
    | 'priority_updated';
  readonly incident: Incident;
  readonly by?: PagerUser;
  readonly note?: { readonly id: string; readonly text: string };
}

export interface NewIncident {
  readonly key: string;
  readonly title: string;
  readonly details?: string;
  readonly service: PagerService;
  /** Default: the service's. */
  readonly policyId?: string;
  readonly assignees?: readonly PagerUser[];
}

export class Incidents {
  readonly #all = new Map<string, Incident>();
  readonly #now: () => number;
  readonly #began: number;
  readonly #listeners = new Set<(happening: Happening) => void>();

  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  /** Oldest first. */
  get all(): Incident[] {
    return [...this.#all.values()];
  }

  listen(listener: (happening: Happening) => void): void {
    this.#listeners.add(listener);
  }

  onCalls(since: number, until: number): OnCall[] {
    return onCalls(since, until, this.#began);
  }

  /** The open incident of a key. */
  open(key: string, serviceId: string): Incident | undefined {
    return this.all.find((one) => one.key === key && one.service.id === serviceId && one.status !== 'resolved');
  }

  trigger(wanted: NewIncident): Incident {
    const known = this.open(wanted.key, wanted.service.id);
    if (known) return this.#put({ ...known, title: wanted.title, triggers: known.triggers + 1 });
    const number = this.#all.size + 1;
    const policyId = wanted.policyId ?? wanted.service.policyId;
    const incident = this.#put({
      id: `Q${String(number).padStart(6, '0')}`,
      number,
      key: wanted.key,
      title: wanted.title,
      details: wanted.details ?? '',
      service: wanted.service,
      policyId,
      assignees: wanted.assignees ?? this.#firstLevel(policyId),
      triggers: 1,
      status: 'triggered',
      createdAt: this.#now(),
      notes: [],
    });
    this.#tell({ type: 'triggered', incident });
    return incident;
  }

  /** What is not open, or is so already, stays as it is. */
  move(id: string, to: 'acknowledged' | 'resolved', by?: PagerUser): void {
    const incident = this.#all.get(id);
    if (!incident || incident.status === 'resolved' || incident.status === to) return;
    const moved = this.#put({ ...incident, status: to });
    this.#tell({ type: to, incident: moved, ...(by && { by }) });
  }

  /** Nobody has resolved it within the service's acknowledgement timeout: PagerDuty itself does it. */
  timeOut(id: string): void {
    const incident = this.#all.get(id);
    if (incident?.status !== 'acknowledged') return;
    this.#tell({ type: 'unacknowledged', incident: this.#put({ ...incident, status: 'triggered' }) });
  }

  reopen(id: string, by: PagerUser): void {
    const incident = this.#all.get(id);
    if (incident?.status !== 'resolved' || this.open(incident.key, incident.service.id)) return;
    this.#tell({ type: 'reopened', incident: this.#put({ ...incident, status: 'triggered' }), by });
  }

  reassign(id: string, to: readonly PagerUser[], by: PagerUser): void {
    this.#change(id, 'reassigned', { assignees: to, status: 'triggered' }, by);
  }

  /** To the next level of its policy; without `by`, because nobody answered. */
  escalate(id: string, by?: PagerUser): void {
    const now = this.#now();
    const policyId = this.#all.get(id)?.policyId;
    const next = this.onCalls(now, now).filter((one) => one.policyId === policyId && one.level === 2);
    this.#change(id, 'escalated', { assignees: next.map(({ user }) => user), status: 'triggered' }, by);
  }

  delegate(id: string, policyId: string, by: PagerUser): void {
    this.#change(id, 'delegated', { policyId, assignees: this.#firstLevel(policyId), status: 'triggered' }, by);
  }

  prioritise(id: string, priority: string, by: PagerUser): void {
    this.#change(id, 'priority_updated', { priority }, by);
  }

  #change(id: string, type: Happening['type'], change: Partial<Incident>, by?: PagerUser): void {
    const incident = this.#all.get(id);
    if (!incident || incident.status === 'resolved') return;
    this.#tell({ type, incident: this.#put({ ...incident, ...change }), ...(by && { by }) });
  }

  annotate(id: string, text: string, by: PagerUser): Note | undefined {
    const incident = this.#all.get(id);
    if (!incident) return undefined;
    const note = { id: `${id}N${incident.notes.length + 1}`, by, text, at: this.#now() };
    const noted = this.#put({ ...incident, notes: [...incident.notes, note] });
    this.#tell({ type: 'annotated', incident: noted, by, note });
    return note;
  }

  #firstLevel(policyId: string): PagerUser[] {
    const now = this.#now();
    return this.onCalls(now, now)
      .filter((one) => one.policyId === policyId && one.level === 1)
      .map(({ user }) => user);
  }

  #put(incident: Incident): Incident {
    this.#all.set(incident.id, incident);
    return incident;
  }

  #tell(happening: Happening): void {
    for (const listener of this.#listeners) listener(happening);
  }
}

export function serviceById(id: string): PagerService | undefined {
  return services.find((service) => service.id === id);
}

export function policyName(id: string): string {
  return policies.find((policy) => policy.id === id)?.name ?? id;
}

export { userById };
