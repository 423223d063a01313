import type { NewIncident } from '../../src/alerts/incident-store.ts';
import type { Incident } from '../../src/domain/incident.ts';
import type { IncidentView } from '../../src/ports/incident-presenter.ts';

export const sampleIncident = (with_: Partial<Incident> = {}): Incident => ({
  id: 'i-17',
  title: 'cell-banking: memory above 1 GiB',
  state: 'open',
  severity: 'P1',
  severityBy: 'evidence',
  severitySince: '2026-11-24T03:06:00.000Z',
  place: { scope: 'cell', region: 'eastus', cell: 'cell-banking' },
  cells: ['cell-banking'],
  channel: 'C0INCIDENTS',
  startedAt: '2026-11-24T03:05:00.000Z',
  detectedAt: '2026-11-24T03:06:00.000Z',
  escalation: 0,
  hurt: { tenants: 42, byTier: { enterprise: 2, smb: 40 }, bySla: { '99.9': 40, '99.99': 2 } },
  alerts: { firing: 2, total: 3 },
  ...with_,
});

/** As the correlator opens one, for `openIncident`. */
export const newIncident = (with_: Partial<NewIncident> & { requestKey: string }): NewIncident => ({
  title: 'cell-banking: memory above 1 GiB',
  severity: 'P1',
  severityBy: 'evidence',
  place: { scope: 'cell', region: 'eastus', cell: 'cell-banking' },
  cells: ['cell-banking'],
  channel: 'C0INCIDENTS',
  startedAt: '2026-11-24T03:05:00.000Z',
  ...with_,
});

export function sampleIncidentView(
  incident: Incident = sampleIncident(),
  with_: Partial<IncidentView> = {},
): IncidentView {
  return {
    incident,
    tell: [{ group: 'oncall', slackGroup: 'S0ONCALL', people: [] }],
    mentionChannel: false,
    alerts: [
      {
        rule: 'Container memory above 1 GiB',
        description: 'The working set of the container app is above its limit',
        place: incident.place,
        azureSeverity: 2,
        firedAt: '2026-11-24T03:05:00.000Z',
        measured: 'WorkingSetBytes 1288490188 > 1073741824',
      },
    ],
    joined: 'joined because cell-banking had an open incident',
    lately: [{ at: '2026-11-24T02:58:00.000Z', says: 'revision green took 50 % of the traffic' }],
    runs: [],
    fits: { playbook: 'isolate-cell', cell: 'cell-banking' },
    statusPage: false,
    ...(incident.state === 'open' && { clock: { until: '2026-11-24T03:36:00.000Z', calls: ['managers'] } }),
    ...with_,
  };
}
