import type { IncidentDeskContext } from '../../src/alerts/incident-context.ts';
import { createIncidents } from '../../src/alerts/incidents.ts';
import { createIncidentPresenter } from '../../src/blocks/incident-presenter.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Policy } from '../../src/domain/approval.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy, type IncidentPolicy } from '../../src/domain/incident-policy.ts';
import { spotOf } from '../../src/domain/trouble.ts';
import type { Database } from '../../src/engine/database.ts';
import type { Incidents } from '../../src/ports/incidents.ts';
import { ana, policy as enginePolicy } from './engine-harness.ts';
import { estateText } from './playbook-world.ts';
import { shownText } from './shown-text.ts';
import { newDatabase } from './test-database.ts';

export const incidentPolicy: IncidentPolicy = {
  ...defaultIncidentPolicy,
  channel: 'C0INCIDENTS',
  responders: ['sre', 'managers'],
  ladder: [{ tell: 'oncall' }, { tell: 'managers', page: { policy: 'PDATABS' } }],
  severities: {
    ...defaultIncidentPolicy.severities,
    P0: { ...defaultIncidentPolicy.severities.P0, ownChannel: true, tell: ['oncall', 'managers'] },
    P1: { ...defaultIncidentPolicy.severities.P1, tell: ['oncall'] },
  },
};

export interface IncidentHarness {
  readonly database: Database;
  readonly context: IncidentDeskContext;
  readonly incidents: Incidents;
  /** What Slack would show, by the message's key. */
  messages(): Promise<Map<string, string>>;
  /** Kinds and arguments of what is wanted outside, in order. */
  effects(): Promise<{ kind: string; args: Record<string, unknown> }[]>;
  audits(): Promise<string[]>;
  /** Puts a stored alert into an incident, as correlation does. */
  alert(incidentId: string, alert: Partial<Alert> & { key: string }): Promise<void>;
  /** Lets so much time be over since an incident's last change of severity, by the database's clock. */
  age(incidentId: string, ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Incidents on a database of their own, with the real presenter. */
export async function startIncidents(changes: Partial<IncidentPolicy> = {}): Promise<IncidentHarness> {
  const database = await newDatabase();
  const policy: Policy = { ...enginePolicy, incidents: { ...incidentPolicy, ...changes } };
  const context: IncidentDeskContext = {
    database,
    estate: parseEstate(estateText),
    policy,
    presenter: createIncidentPresenter(),
    people: { member: async (id) => ({ ...ana, id, name: `Name of ${id}` }), inGroups: async () => [ana.id] },
    statusPage: false,
  };
  return {
    database,
    context,
    incidents: createIncidents(context),
    async messages() {
      const rows = await database.query<{ key: string; content: object }>(
        'select key, content from stamps.messages order by seq',
      );
      return new Map(rows.map(({ key, content }) => [key, shownText(content)]));
    },
    effects: () => database.query('select kind, args from stamps.effects order by seq'),
    async audits() {
      const rows = await database.query<{ kind: string; actor: string }>(
        'select kind, actor from stamps.audit order by seq',
      );
      return rows.map(({ kind, actor }) => `${kind} by ${actor}`);
    },
    async alert(incidentId, changesOfAlert) {
      const alert: Alert = {
        instance: changesOfAlert.key,
        kind: 'metric',
        condition: 'fired',
        rule: 'Container memory above 1 GiB',
        description: 'The working set is above its limit',
        azureSeverity: 2,
        firedAt: '2026-11-24T03:05:00.000Z',
        place: { scope: 'cell', region: 'eastus', cell: 'cell-banking' },
        resources: [],
        ...changesOfAlert,
      };
      await database.query(
        `insert into stamps.alerts (key, instance, condition, place, fired_at, at, alert, handled_at, incident_id, urgency, spot, serious)
         values ($1, $2, $3, $4, $5, $5, $6, clock_timestamp(), $7, 2, $8, true)`,
        [
          alert.key,
          alert.instance,
          alert.condition,
          JSON.stringify(alert.place),
          alert.firedAt,
          JSON.stringify(alert),
          incidentId,
          spotOf(alert),
        ],
      );
      if (alert.condition === 'resolved')
        await database.query(`update stamps.alerts set over_at = $2 where instance = $1 and condition = 'fired'`, [
          alert.instance,
          alert.resolvedAt ?? alert.firedAt,
        ]);
    },
    async age(incidentId, ms) {
      await database.query(
        `update stamps.incidents set severity_at = severity_at - make_interval(secs => $2), detected_at = detected_at - make_interval(secs => $2) where id = $1`,
        [incidentId, ms / 1000],
      );
    },
    stop: () => database.close(),
  };
}
