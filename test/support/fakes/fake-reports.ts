import type { ReportRequest, Reports } from '../../../src/ports/reports.ts';

/** Keeps what was asked for. */
export function createFakeReports() {
  const asked: ReportRequest[] = [];
  const said: unknown[][] = [];
  const reports: Reports = {
    post: async (request) => void asked.push(request),
    snoozeFinding: async (key, days, { id }, place) => void said.push(['snooze', key, days, id, place]),
    snoozeAnomaly: async (id, { id: person }) => void said.push(['snooze anomaly', id, person]),
    assignFinding: async (key, { id }, place) => void said.push(['assign', key, id, place]),
  };
  return { reports, asked, said };
}
