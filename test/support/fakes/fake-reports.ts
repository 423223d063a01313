import type { ReportRequest, Reports } from '../../../src/ports/reports.ts';

/** Keeps what was asked for. */
export function createFakeReports() {
  const asked: ReportRequest[] = [];
  const reports: Reports = { post: async (request) => void asked.push(request) };
  return { reports, asked };
}
