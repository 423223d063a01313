import { createChangeWatch } from '../../src/alerts/change-watch.ts';
import { readPostmortem } from '../../src/alerts/read-postmortem.ts';
import { type ChangeSources, readRecentChanges } from '../../src/alerts/recent-changes.ts';
import type { Incident } from '../../src/domain/incident.ts';
import { OpsError } from '../../src/errors.ts';
import type { ActivityEntry, Revision } from '../../src/ports/azure.ts';
import { ana, quiet } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';
import { sampleIncident } from '../support/sample-incident.ts';

let harness: IncidentHarness;
beforeAll(async () => {
  harness = await startIncidents();
});
afterAll(() => harness.stop());

const signal = new AbortController().signal;
const cellOf = (name: string) =>
  harness.context.estate.cells.find((cell) => cell.name === name) as {
    containerAppId: string;
    healthAlertId: string;
    gatewayId: string;
  };
const revision = (name: string, createdAt?: string): Revision => ({
  ...{ id: name, name, active: true, trafficPercent: 50, replicas: 1, health: 'Healthy', running: 'Running' },
  ...(createdAt !== undefined && { createdAt }),
});
const write = (at: string, resourceId: string, caller = 'eve@example.com'): ActivityEntry => ({
  ...{ at, caller, resourceId, operation: 'Microsoft.App/containerApps/write' },
});

function sources(
  revisions: Revision[],
  writes: ActivityEntry[] | OpsError,
  complete = true,
): ChangeSources & { asked: unknown[][] } {
  const asked: unknown[][] = [];
  const azure = {
    containerApps: { revisions: async () => revisions },
    activity: {
      writes: async (...args: unknown[]) => {
        asked.push(args.slice(0, 2));
        if (writes instanceof OpsError) throw writes;
        return { entries: writes, complete };
      },
    },
  } as unknown as ChangeSources['azure'];
  return { database: harness.database, estate: harness.context.estate, azure, asked };
}
const read = async (from: ChangeSources, incident: Partial<Incident> = {}) =>
  readRecentChanges(from, sampleIncident(incident), signal);

describe('what changed lately there', () => {
  it('is new revisions and writes of the six hours before, newest first', async () => {
    const from = sources(
      [
        revision('green', '2026-11-24T02:58:00.000Z'),
        revision('old', '2026-11-20T02:58:00.000Z'),
        revision('dateless'),
      ],
      [
        write('2026-11-24T03:01:00.000Z', cellOf('cell-banking').gatewayId),
        write('2026-11-24T03:30:00.000Z', cellOf('cell-banking').gatewayId, 'late'),
      ],
    );
    const { changes, complete } = await read(from);
    expect(complete).toBe(true);
    expect(changes).toEqual([
      {
        at: '2026-11-24T03:01:00.000Z',
        says: expect.stringMatching(/^eve@example\.com changed agw-[\w-]+ \(App\/containerApps\/write\)$/),
      },
      {
        at: '2026-11-24T02:58:00.000Z',
        says: 'Revision green of cell-banking was deployed; it has 50 % of the traffic now',
      },
    ]);
    expect(from.asked[0]?.[1]).toBe(Date.parse('2026-11-23T21:05:00.000Z'));
  });

  it('leaves out what belongs to another cell alone, and says a repeat once', async () => {
    const at = '2026-11-24T03:01:00.000Z';
    const { containerAppId } = cellOf('cell-banking');
    const from = sources(
      [],
      [
        write(at, `${containerAppId.toUpperCase()}/revisions/x`),
        write('2026-11-24T02:01:00.000Z', `${containerAppId}/revisions/x`),
        write(at, cellOf('cell-retail').containerAppId),
        write(at, `${cellOf('cell-retail').healthAlertId}/x`),
      ],
    );
    expect((await read(from)).changes).toHaveLength(1);
  });

  it('looks at every cell of a region, and is not led astray by a sender’s clock', async () => {
    const from = sources([], []);
    const region = { place: { scope: 'region', region: 'eastus' }, cells: [] } as const;
    await read(from, { ...region, startedAt: '1970-01-01T00:00:00.000Z' });
    expect(from.asked[0]?.[1]).toBe(Date.parse('2026-11-22T21:06:00.000Z'));
  });

  it('says that it is not whole when the log is longer than what was read', async () => {
    const found = await read(sources([], [write('2026-11-24T03:01:00.000Z', cellOf('cell-banking').gatewayId)], false));
    expect([found.changes.length, found.complete]).toEqual([1, false]);
  });

  it('says that it is not whole when Azure does not answer', async () => {
    const from = sources(
      [revision('green', '2026-11-24T02:58:00.000Z')],
      new OpsError('unavailable', 'Azure is away.'),
    );
    expect(await read(from)).toMatchObject({ complete: false, changes: [{ at: '2026-11-24T02:58:00.000Z' }] });
  });
});

it('is read once for each open incident over all replicas, kept, and shown on its card', async () => {
  const place = { scope: 'cell', region: 'eastus', cell: 'cell-banking' } as const;
  const { id } = await harness.incidents.declare(
    { requestKey: 'x', title: 'Sign-in fails', severity: 'P1', place, channel: 'C0' },
    ana,
  );
  const minuteAgo = new Date(Date.now() - 60_000).toISOString();
  const from = sources([revision('green', minuteAgo)], []);
  const watch = createChangeWatch(from, quiet);
  await Promise.all([watch.look(), watch.look(), watch.look()]);
  expect(from.asked.length).toBeLessThanOrEqual(2);
  await harness.incidents.acknowledge(id, ana);
  expect((await harness.messages()).get(`incident:${id}`)).toContain('Revision green of cell-banking was deployed');
  expect((await readPostmortem(harness.context, id, [])).markdown).toContain(
    '`Revision green of cell-banking was deployed',
  );
});
