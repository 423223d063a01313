import type { Incident, TimelineEntry } from '../../../src/domain/incident.ts';
import { OpsError } from '../../../src/errors.ts';
import type { Incidents } from '../../../src/ports/incidents.ts';
import { sampleIncident, sampleIncidentView } from '../sample-incident.ts';

/** A book of incidents that writes down what it was asked, and keeps the states that a test gives it. */
export function createFakeIncidents() {
  const calls: [keyof Incidents, ...unknown[]][] = [];
  const failures = new Map<keyof Incidents, Error>();
  const book = new Map<string, Incident>([['i-17', sampleIncident()]]);
  const timeline: TimelineEntry[] = [];
  /** Incidents for which the on-call was called. */
  const paged = new Set<string>();
  const called = (method: keyof Incidents, ...args: unknown[]) => {
    calls.push([method, ...args]);
    const failure = failures.get(method);
    if (failure) throw failure;
  };
  const known = (id: string): Incident => {
    const incident = book.get(id);
    if (!incident) throw new OpsError('not-found', `There is no incident ${id}.`);
    return incident;
  };
  const changed = (id: string, to: Partial<Incident>): Incident => {
    const incident = { ...known(id), ...to };
    book.set(id, incident);
    return incident;
  };

  const incidents: Incidents = {
    async declare(declaration, member) {
      called('declare', declaration, member.id);
      const incident = sampleIncident({ id: 'i-18', title: declaration.title, severity: declaration.severity });
      book.set(incident.id, incident);
      return incident;
    },
    async acknowledge(id, member) {
      called('acknowledge', id, member.id);
      return changed(id, { state: 'acknowledged', acknowledgedBy: member.id });
    },
    async unacknowledge(id, member) {
      called('unacknowledge', id, member.id);
      return changed(id, { state: 'open' });
    },
    async assign(id, assigneeId, member) {
      called('assign', id, assigneeId, member.id);
      return changed(id, { assigneeId });
    },
    async setSeverity(id, severity, member) {
      called('setSeverity', id, severity, member.id);
      return changed(id, { severity, severityBy: member.id });
    },
    async note(id, text, member, key) {
      called('note', id, text, member.id, key);
      return known(id);
    },
    async pin(id, message, member) {
      called('pin', id, message, member.id);
      return known(id);
    },
    async page(id, member) {
      called('page', id, member.id);
      const earlier = paged.has(id);
      paged.add(id);
      return { incident: known(id), earlier };
    },
    async mitigate(id, member) {
      called('mitigate', id, member.id);
      return known(id);
    },
    async resolve(id, member) {
      called('resolve', id, member.id);
      return changed(id, { state: 'resolved', resolvedBy: member.id });
    },
    async merge(id, into, member) {
      called('merge', id, into, member.id);
      return known(into);
    },
    async split(id, cell, member) {
      called('split', id, cell, member.id);
      return sampleIncident({ id: 'i-18' });
    },
    incident: async (id) => known(id),
    incidents: async ({ ended = false }) =>
      [...book.values()].filter(({ state }) => ended === (state === 'resolved' || state === 'merged')),
    details: async (id, page) => ({
      view: sampleIncidentView(known(id)),
      alerts: { page, pages: 3, lines: sampleIncidentView().alerts },
      timeline,
    }),
    async postmortem(id, member, key) {
      called('postmortem', id, member.id, key);
      return known(id);
    },
    timeline: async () => timeline,
  };
  return { incidents, calls, failures, book, timeline, paged };
}
