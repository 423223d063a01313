import type { StatusPurpose, StatusUpdate } from '../../../src/domain/status-update.ts';
import type { OpsError } from '../../../src/errors.ts';
import type { StatusDesk, StatusDraft } from '../../../src/ports/status-page.ts';
import { sampleIncident } from '../sample-incident.ts';

export const banking = { id: 'bnk7c1d2e3f4', name: 'Banking', status: 'operational' } as const;

export const sampleDraft = (with_: Partial<StatusDraft> = {}): StatusDraft => ({
  incident: sampleIncident(),
  update: {
    name: 'Problems with Banking',
    status: 'investigating',
    impact: 'major',
    body: 'We are investigating problems with Banking.',
    components: { [banking.id]: 'partial_outage' },
  },
  components: [banking, { id: 'rtl8a9b0c1d2', name: 'Retail', status: 'operational' }],
  published: false,
  ...with_,
});

/** The status page as commands and forms see it, in memory. */
export function createFakeStatusPage() {
  const state: { failure?: OpsError; draft: StatusDraft } = { draft: sampleDraft() };
  const asked: [StatusPurpose, string, ...(readonly string[])[]][] = [];
  const published: { key: string; id: string; update: StatusUpdate; by: string }[] = [];
  const fail = () => {
    if (state.failure) throw state.failure;
  };
  const desk: StatusDesk = {
    configured: true,
    async draft(purpose, id, regions = []) {
      fail();
      asked.push(regions.length > 0 ? [purpose, id, regions] : [purpose, id]);
      return state.draft;
    },
    async publish(key, id, update, member) {
      fail();
      published.push({ key, id, update, by: member.id });
      return state.draft.incident;
    },
  };
  return { desk, asked, published, state };
}
