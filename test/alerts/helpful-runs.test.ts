import { askAfterRuns } from '../../src/alerts/helpful-runs.ts';
import { incidentView, refreshStaleIncidents } from '../../src/alerts/incident-cards.ts';
import { getIncident, openIncident, readTimeline } from '../../src/alerts/incident-store.ts';
import { readPostmortem } from '../../src/alerts/read-postmortem.ts';
import type { AlertPlace } from '../../src/domain/alert.ts';
import { ana } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

describe('a run that took an incident’s place out of harm’s way', () => {
  let harness: IncidentHarness;
  beforeEach(async () => {
    harness = await startIncidents();
  });
  afterEach(() => harness.stop());

  /** Began half an hour ago. */
  async function incident(place: AlertPlace, cells: readonly string[]): Promise<string> {
    const { incident: opened } = await openIncident(harness.database, {
      requestKey: 'k',
      title: 't',
      severity: 'P2',
      severityBy: 'evidence',
      place,
      cells,
      channel: 'C0INCIDENTS',
      startedAt: new Date(Date.now() - 1_800_000).toISOString(),
    });
    return opened.id;
  }
  /** Ended so many minutes ago. */
  async function run(playbook: string, target: object, minutesAgo = 10, state = 'succeeded'): Promise<void> {
    const cell = (target as { cell?: string }).cell ?? null;
    const plan = { playbook, title: 'The plan', target, reason: 'it is down', undo: 'by hand', steps: [] };
    await harness.database.query(
      `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel,
                                target_cell, checks, requested_at, expires_at, finished_at)
       values ('r-1', 1, 'q', $1, '{}', $2, 'h', $3, 'U0ANA', 'C1', $4, '[]', now(), now(),
               now() - make_interval(mins => $5))`,
      [playbook, JSON.stringify(plan), state, cell, minutesAgo],
    );
  }
  const questions = async () => {
    await askAfterRuns(harness.context);
    return [...(await harness.messages()).values()].filter((text) => text.includes('Is the harm over?'));
  };
  const region: AlertPlace = { scope: 'region', region: 'eastus' };

  it.each<[string, AlertPlace, string[], string, object, number]>([
    ['its cell was isolated', { scope: 'cell', region: 'eastus', cell: 'c' }, ['c'], 'isolate-cell', { cell: 'c' }, 1],
    ['its region was failed over', region, ['c'], 'failover-region', { region: 'eastus' }, 1],
    ['a region of a global one was failed over', { scope: 'global' }, [], 'failover-region', { region: 'eastus' }, 1],
    ['another region was failed over', region, ['c'], 'failover-region', { region: 'westus' }, 0],
    ['its cell was put back', { scope: 'cell', region: 'eastus', cell: 'c' }, ['c'], 'restore-cell', { cell: 'c' }, 0],
  ])('is asked about in the thread, once, when %s', async (_, place, cells, playbook, target, asked) => {
    await incident(place, cells);
    await run(playbook, target);
    expect(await questions()).toHaveLength(asked);
    expect(await questions()).toHaveLength(asked);
  });

  it.each([
    ['failed', 10, 'failed'],
    ['was done before it began', 40, 'succeeded'],
  ])('is not asked about when it %s', async (_, minutesAgo, state) => {
    await incident(region, []);
    await run('failover-region', { region: 'eastus' }, minutesAgo, state);
    expect(await questions()).toEqual([]);
  });

  it('ended the harm when it was done, not when somebody said so', async () => {
    const id = await incident(region, []);
    await run('failover-region', { region: 'eastus' });
    const { mitigatedAt = '' } = await harness.incidents.mitigate(id, ana, 'r-1');
    expect((Date.now() - Date.parse(mitigatedAt)) / 60_000).toBeCloseTo(10, 0);
    expect((await readTimeline(harness.database, id)).map(({ says }) => says)).toContain(
      'The harm is over since r-1 was done',
    );
    expect(await questions()).toEqual([]);
  });

  it('says nothing of when, if it was none of the incident’s', async () => {
    const id = await incident(region, []);
    await run('failover-region', { region: 'westus' });
    await harness.incidents.mitigate(id, ana, 'r-1');
    const { mitigatedAt = '' } = await getIncident(harness.database, id);
    expect(Date.now() - Date.parse(mitigatedAt)).toBeLessThan(60_000);
  });

  it.each<[string, AlertPlace, string[], object, boolean]>([
    ['its cell', { scope: 'cell', region: 'eastus', cell: 'c' }, ['c'], { region: 'eastus', cell: 'c' }, true],
    ['its region as a whole', region, ['c'], { region: 'eastus' }, true],
    ['the region of its cell', { scope: 'cell', region: 'eastus', cell: 'c' }, ['c'], { region: 'eastus' }, true],
    ['a region of all of them', { scope: 'global' }, [], { region: 'eastus' }, true],
    ['another region', region, ['c'], { region: 'westus' }, false],
    ['another cell of its region', region, ['c'], { region: 'eastus', cell: 'd' }, false],
    ['nothing in particular', { scope: 'global' }, [], {}, false],
  ])(
    'stands in the incident’s timeline, its card and its post-mortem when it was on %s',
    async (_, place, cells, target, there) => {
      const id = await incident(place, cells);
      await run('failover-region', target);
      const timeline = await harness.incidents.timeline(id);
      expect(timeline.some(({ says }) => says.includes('r-1'))).toBe(there);
      const view = await incidentView(harness.database, harness.context, id);
      expect(view.runs.map((one) => one.id)).toEqual(there ? ['r-1'] : []);
      expect((await readPostmortem(harness.context, id, [])).markdown.includes('### r-1')).toBe(there);
    },
  );

  it('has its card drawn anew, also when it was on its region as a whole', async () => {
    await incident(region, []);
    while ((await refreshStaleIncidents(harness.context)) > 0);
    await run('failover-region', { region: 'eastus' });
    expect(await refreshStaleIncidents(harness.context)).toBe(1);
  });
});
