import type { KpiReport, KpiSubject } from '../../../src/domain/kpi-report.ts';
import type { KpiDesk } from '../../../src/kpis/create-kpis.ts';

/** Answers with the report that a test puts there, and keeps what was asked. */
export function createFakeKpis() {
  const asked: { subject: KpiSubject; windowMs?: number }[] = [];
  const state: { report: KpiReport; pictures: boolean } = {
    report: { called: 'the estate', lines: [] },
    pictures: true,
  };
  const desk: KpiDesk = {
    async report(subject, windowMs) {
      asked.push({ subject, ...(windowMs !== undefined && { windowMs }) });
      return state.report;
    },
    picture: async () => (state.pictures ? { fileId: 'F0INDICATORS', altText: 'Indicators, as a picture' } : undefined),
  };
  return { desk, asked, state };
}
