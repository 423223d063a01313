import { createDigests } from '../../src/digests/create-digests.ts';
import { dayMs, hourMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { KpiScope } from '../../src/domain/kpi.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import type { AzurePorts } from '../../src/ports/azure.ts';
import type { ChatPort, MessageContent } from '../../src/ports/chat.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createFakeAzure } from '../support/fake-azure.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { storeHours, storeSnapshot } from '../support/kpi-history.ts';
import { estateText } from '../support/playbook-world.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const at = Date.UTC(2026, 10, 25, 7, 30);
const estate = parseEstate(estateText);
const scopes = (level: 'global' | 'cell'): KpiScope[] =>
  level === 'global' ? ['global'] : estate.cells.map(({ name }): KpiScope => `cell/${name}`);
let database: Awaited<ReturnType<typeof newDatabase>>;
let uploads: { altText: string; png: Uint8Array }[];
let uploading: () => void;

beforeEach(async () => {
  database = await newDatabase();
  uploads = [];
  uploading = () => undefined;
});
afterEach(() => database.close());

const chat: Pick<ChatPort, 'uploadPicture'> = {
  async uploadPicture(picture) {
    uploading();
    uploads.push(picture);
    return `F0PICTURE${uploads.length}`;
  },
};
function digests(moment = at, azure?: AzurePorts) {
  const { clock } = { clock: { ...createFakeClock().clock, now: () => moment } };
  const settings = [{ channel: 'C0OPERATIONS', at: '08:30', zone: 'Europe/Berlin', kinds: ['daily'] as const }];
  const logger = createFakeLogger().logger;
  return createDigests(
    {
      database,
      estate,
      definitions: kpiDefinitions,
      azure,
      chat,
      incidentPolicy: defaultIncidentPolicy,
      clock,
      logger,
    },
    { digests: settings },
  );
}
async function posted(): Promise<MessageContent[]> {
  const rows = await database.query<{ content: MessageContent }>('select content from stamps.messages order by seq');
  return rows.map(({ content }) => content);
}
const words = async () => (await posted()).map((content) => `${content.text}\n${shownText(content)}`).join('\n');

/** Eight days of good values; the banking cell is slower today, its CPU is close to the limit. */
async function measure(): Promise<void> {
  for (const definition of kpiDefinitions) {
    const good = definition.better === 'higher' ? definition.target * 1.0001 : definition.target * 0.8;
    for (const scope of scopes(definition.level)) {
      const slow = definition.id === 'tenantLatency' && scope === 'cell/cell-banking';
      await storeHours(database, { definition, scope }, at - 9 * dayMs, at, (hour) =>
        definition.id === 'latency' && hour > at - 5 * hourMs
          ? undefined
          : slow && hour > at - dayMs
            ? good * 1.5
            : good,
      );
    }
  }
  await storeSnapshot(
    database,
    at - 60_000,
    kpiDefinitions.flatMap((definition) =>
      scopes(definition.level).map((scope) => {
        if (definition.id === 'latency') return { definition, scope, reason: 'Front Door’s log was late' };
        const close = definition.id === 'containerCpu' && scope === 'cell/cell-banking';
        const value = close
          ? 82
          : definition.better === 'higher'
            ? definition.target * 1.0001
            : definition.target * 0.8;
        return { definition, scope, value };
      }),
    ),
  );
}

const aRun = (number: number, requestedAt: string) =>
  database.query(
    `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel, checks, requested_at, expires_at)
     values ('r-' || $1::int, $1, 'x' || $1::int, 'scale-cell', '{}', '{"title": "Scale", "target": {}}', '', 'succeeded', 'U0ANA', 'C', '[]', $2, $2)`,
    [number, requestedAt],
  );
/** What the calendar's report says when it was due then. */
async function due(dueAt: string, previousAt: string, lateMs = 0, missed = 0): Promise<string> {
  const [daily] = digests().schedules;
  const messages = (await daily?.work({ dueAt, previousAt, lateMs, missed })) ?? [];
  return messages.map(({ content }) => shownText(content)).join('\n');
}

describe('the daily digest', () => {
  it('shows what changed, what is close, and what is not known', async () => {
    await measure();
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const messages = await posted();
    expect(messages.map(faultsOfMessage)).toEqual(messages.map(() => []));
    const said = await words();
    expect(said).toContain('Daily digest, Wed 25 Nov 2026');
    expect(said).toContain('*Container CPU of cell-banking*: 82 % — ⚠️ close to the limit');
    expect(said).toContain('*Tenant latency of cell-banking*: 240 ms, 160 ms the day before, 160 ms a week ago');
    expect(said).toMatch(/1 worse, 0 better/);
    expect(said).toContain('*Tenant latency of cell-banking*: 🔴 used up (30 % of the 30 days is known)');
    expect(said).toContain('*Latency*: 100 % left (29 % of the 30 days is known)');
    expect(said).toContain('Latency: Front Door’s log was late');
    expect(said).not.toContain('*Latency*: 0');
    // The board, and the band of what is unusual.
    expect(uploads).toHaveLength(2);
    expect(uploads[1]?.altText).toContain('Tenant latency of cell-banking');
    expect(uploads[0]?.altText).toContain('Latency: no data');
    expect(uploads[0]?.altText).toContain('Container CPU: 82 %, close to limit');
    expect(JSON.stringify(messages[0]?.blocks)).toContain('F0PICTURE1');
  });

  it('is made also of nothing at all, and says so', async () => {
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('Indicators: nothing was measured yet.');
    expect(said).toContain('Indicators: not known');
    expect(said).toContain('0 leases open, 0 incidents open');
    expect(said).toContain('*Since yesterday:* not known, for want of the day before');
    expect(said).toContain('*Worse than yesterday*\nNot known.');
    expect(said).toContain('*Worse than a week ago*\nNot known.');
  });

  it('lists open leases, incidents that are open or of the day, and its runs', async () => {
    const ago = (hours: number) => new Date(at - hours * hourMs).toISOString();
    await aRun(1, ago(3));
    await aRun(2, ago(30));
    await database.query(
      `insert into stamps.leases (subject, until, on_expiry, run_id, reason) values ('cell-banking', $1, 'page', 'r-1', 'a bad disk')`,
      [ago(-2)],
    );
    for (const [number, state, detected, resolved] of [
      [1, 'acknowledged', 50, undefined],
      [2, 'resolved', 30, 3],
      [3, 'resolved', 60, 40],
    ] as const)
      await database.query(
        `insert into stamps.incidents (id, number, request_key, title, state, severity, severity_by, place, cells, channel, started_at, detected_at, resolved_at)
         values ('i-' || $1::int, $1, 'x' || $1::int, 'Payments <!here>', $2, 'P1', 'evidence', '{}', '{}', 'C', $3, $3, $4)`,
        [number, state, ago(detected), resolved === undefined ? null : ago(resolved)],
      );
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('1 lease open, 1 incident open, 1 run in 24 hours');
    expect(said).toMatch(/⏳ \*cell-banking\* is out until .* and pages then \(`r-1`\): a bad disk/);
    expect(said).toMatch(/\*P1\* `i-1` Payments &lt;!here&gt; — acknowledged/);
    expect(said).toMatch(/`i-2` .* — resolved/);
    expect(said).not.toContain('i-3');
    expect(said).toMatch(/`r-1` Scale/);
    expect(said).not.toContain('`r-2`');
  });

  it('says what scaling was proposed, taken, declined and left open', async () => {
    const ago = (hours: number) => new Date(at - hours * hourMs).toISOString();
    await aRun(7, ago(3));
    for (const [id, cell, state, created, settled, more] of [
      ['sc-1', 'cell-banking', 'done', 3, 2, { run: 'r-7', by: 'U0ANA' }],
      ['sc-2', 'cell-retail', 'dismissed', 30, 4, { by: 'U0BEN', reason: 'a load test <!here>' }],
      ['sc-3', 'cell-healthcare', 'open', 50, undefined, {}],
      ['sc-4', 'cell-healthcare', 'withdrawn', 40, 30, {}],
    ] as const)
      await database.query(
        `insert into stamps.scaling_proposals (id, cell, direction, evidence, channel, state, created_at, settled_at, run_id, by_person, reason)
         values ($1, $2, 'out', '{"to": 9}', 'C', $3, $4, $5, $6, $7, $8)`,
        [
          ...[id, cell, state, ago(created), settled === undefined ? null : ago(settled)],
          ...['run' in more ? more.run : null, 'by' in more ? more.by : null, 'reason' in more ? more.reason : null],
        ],
      );
    await database.query(
      `insert into stamps.scaling_proposals (id, cell, direction, evidence, channel, state, created_at)
       values ('sc-5', 'cell-healthcare', 'up', '{"to": {"objective": "S4"}}', 'C', 'open', $1),
              ('sc-6', 'cell-retail', 'up', '{"why": "It is serverless."}', 'C', 'open', $1)`,
      [ago(1)],
    );
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('*Scaling:* 5 proposed: 1 taken, 1 declined, 3 open');
    expect(said).toContain('`sc-5` *cell-healthcare* SQL up to S4 — ⏳ open');
    expect(said).toContain('`sc-6` *cell-retail* SQL up, which Stamps cannot do — ⏳ open');
    expect(said).toContain('`sc-1` *cell-banking* out to 9 replicas — ✅ taken by <@U0ANA>, done by `r-7`');
    expect(said).toContain('`sc-2` *cell-retail* out to 9 replicas — declined by <@U0BEN>: a load test &lt;!here&gt;');
    expect(said).toContain('`sc-3` *cell-healthcare* out to 9 replicas — ⏳ open: nobody has answered yet');
    expect(said).not.toContain('sc-4');
  });

  it('has what Azure itself calls unavailable, and says so where it could not be read', async () => {
    const azure = createFakeAzure(estate);
    const post = async (requestKey: string) => {
      await digests(at, azure.ports).post({ kind: 'daily', requestKey, channel: 'C0OPERATIONS' });
      const messages = (await posted()).slice(-4);
      return messages.map((content) => `${content.text}\n${shownText(content)}`).join('\n');
    };
    const none = await post('1');
    expect(none).toMatch(/minutes behind\nNone of the \d+ resources that Azure says something of\./);
    expect(none).not.toContain('*Azure Resource Health:*');
    azure.told.set(estate.trafficManagerId, {
      state: 'unavailable',
      cause: 'customer',
      says: 'It was <!here> disabled.',
    });
    azure.told.set(estate.apim.id, { state: 'degraded', cause: 'platform' });
    const said = await post('2');
    expect(said).toContain('*Azure Resource Health:* 1 unavailable, 1 degraded');
    expect(said).toContain(
      '• *tm-stamps* is unavailable, somebody’s doing, not Azure’s: “It was &lt;!here&gt; disabled.”\n• *apim-stamps* is degraded, Azure’s own doing',
    );
    azure.failures.set('resourceHealth.list', new OpsError('not-allowed', 'Azure did not let Stamps list it.'));
    const unread = await post('3');
    expect(unread).toContain('Azure Resource Health: Azure did not let Stamps list it.');
    expect(unread).toMatch(/minutes behind\nNot known\./);
  });

  it('says that its figures are old', async () => {
    await measure();
    await digests(at + 2 * hourMs).post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    expect(await words()).toContain('nothing was measured since 2026-11-25T07:29:00.000Z');
  });

  it('goes without its picture when Slack does not take it', async () => {
    uploading = () => {
      throw new Error('no');
    };
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    expect((await posted()).length).toBeGreaterThan(1);
    expect(JSON.stringify(await posted())).not.toContain('slack_file');
  });

  it('is one, however often it is asked for under one key', async () => {
    for (let time = 0; time < 2; time += 1) {
      await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    }
    expect(await posted()).toHaveLength(4);
  });

  it('stands in its place as being made, before anything slow', async () => {
    let shownMeanwhile = '';
    await measure();
    const reading = digests();
    const seen = new Promise<void>((resolve) => {
      uploading = () => resolve();
    });
    const whole = reading.post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    while (shownMeanwhile === '') shownMeanwhile = await words();
    expect(shownMeanwhile).toContain('Daily report: is being made');
    await Promise.all([whole, seen]);
    expect(await words()).not.toContain('is being made');
    expect(await posted()).toHaveLength(4);
    // Its edit goes to Slack before the thread does.
    const urgency = await database.query(
      'select thread_of is null as head, priority from stamps.messages order by seq',
    );
    expect(urgency).toEqual([
      { head: true, priority: 2 },
      ...Array.from({ length: 3 }, () => ({ head: false, priority: 3 })),
    ]);
  });

  it('says in its place when it could not be made', async () => {
    const asked = digests().post({ kind: 'weekly', requestKey: 'k', channel: 'C0OPERATIONS' });
    await expect(asked).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await words()).toContain('Weekly maintenance: could not be made');
  });

  it('says that it is late, and how many were missed', async () => {
    const [daily] = digests().schedules;
    expect(daily).toMatchObject({ name: 'daily/C0OPERATIONS', pattern: '30 8 * * *', timeZone: 'Europe/Berlin' });
    const text = await due('2026-11-25T07:30:00.000Z', '2026-11-24T07:30:00.000Z', 2 * hourMs, 3);
    expect(text).toContain('2h late: Stamps was not running when it was due. 3 earlier ones were missed');
    expect(text).toContain('0 runs in 26 hours');
    expect(text).not.toContain('clocks');
  });

  it.each([
    ['back', '2026-10-24T06:30:00.000Z', '2026-10-25T07:30:00.000Z', 25, ['r-1', 'r-2']],
    ['forward', '2026-03-28T07:30:00.000Z', '2026-03-29T06:30:00.000Z', 23, ['r-1', 'r-2']],
  ])(
    'goes from one local time to the next where clocks are put %s between, and says so',
    async (how, from, to, hours, runs) => {
      const near = (iso: string, minutes: number) => new Date(Date.parse(iso) + minutes * 60_000).toISOString();
      await aRun(1, near(from, 1));
      await aRun(2, near(to, -1));
      await aRun(3, near(from, -1));
      await aRun(4, near(to, 1));
      const text = await due(to, from);
      expect(text).toContain(`🕒 The clocks were put ${how} by 1h: this report covers ${hours} hours.`);
      expect(text).toContain(`2 runs in ${hours} hours`);
      expect(text.match(/r-\d/g)?.sort()).toEqual(runs);
      expect(await due('2026-11-25T07:30:00.000Z', '2026-11-24T07:30:00.000Z')).not.toContain('clocks');
    },
  );

  it('names what lacks values with each reason for it, and does not count a cell that stands by', async () => {
    const reasons: Record<string, string> = {
      'cell/cell-banking': 'Azure had too many requests.',
      'cell/cell-healthcare': 'no data came from it in this window',
      'cell/cell-banking-dr': 'it stands by, without requests',
      'cell/cell-spare-dr': 'it stands by, without requests',
    };
    await storeSnapshot(
      database,
      at - 60_000,
      scopes('cell').map((scope) => {
        const reason = reasons[scope];
        return {
          definition: kpiDefinition('tenantLatency'),
          scope,
          ...(reason === undefined ? { value: 100 } : { reason }),
        };
      }),
    );
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('Tenant latency of cell-banking (1 of 3 cells): Azure had too many requests.');
    expect(said).toContain('Tenant latency of cell-healthcare (1 of 3 cells): no data came from it in this window');
    expect(said).toContain('0 past the limit, 0 close, 1 on target, 2 not known');
    expect(said).not.toContain('stands by');
  });

  it('has the cost of the week, and says why when Azure does not tell it', async () => {
    let same = false;
    const azure = createFakeAzure(estate);
    const upkeep = {
      ...azure.ports.upkeep,
      cost: async (_: string, from: string) => {
        const failure = azure.failures.get('upkeep.cost');
        if (failure) throw failure;
        const total = from === '2026-11-18' && !same ? 1_100 : 1_000;
        return { currency: 'EUR', total, byGroup: [{ group: 'rg-stamps', cost: total }] };
      },
    };
    const post = (requestKey: string) =>
      digests(at, { ...azure.ports, upkeep }).post({ kind: 'daily', requestKey, channel: 'C0OPERATIONS' });
    await post('k');
    expect(await words()).toContain('*Cost of 7 days:* 1,100.00 EUR, +10 % against the 7 days before');
    expect(await words()).toContain('rg-stamps: 1,100.00 EUR');
    same = true;
    await database.query('delete from stamps.messages');
    await post('same');
    expect(await words()).toContain('*Cost of 7 days:* 1,000.00 EUR, as in the 7 days before');
    azure.failures.set('upkeep.cost', new OpsError('throttled', 'Azure had too many requests.', { service: 'Azure' }));
    await database.query('delete from stamps.messages');
    await post('l');
    const said = await words();
    expect(said).toContain('Cost: Azure had too many requests.');
    expect(said).toMatch(/\*Cost of the week\*\s+Not known\./);
    expect(said).not.toContain('0.00');
  });

  it('says that no limit can be foreseen yet', async () => {
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    expect(await words()).toContain('Limits of cells: none can be foreseen yet, that takes four weeks of figures.');
  });

  it('goes on when a part can’t be read', async () => {
    await measure();
    await database.query('alter table stamps.incidents rename to elsewhere');
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('Incidents: the reading failed.');
    expect(said).toContain('incidents: not known open');
    expect(said).toContain('*Container CPU of cell-banking*: 82 %');
  });
});
