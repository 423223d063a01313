import { createDigests } from '../../src/digests/create-digests.ts';
import { dayMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import type { MessageContent } from '../../src/ports/chat.ts';
import type { AccessGrant, UpkeepPort } from '../../src/ports/upkeep.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createFakeAzure } from '../support/fake-azure.ts';
import { createFakeUpkeep } from '../support/fake-upkeep.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { storeHours } from '../support/kpi-history.ts';
import { estateText } from '../support/playbook-world.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const start = Date.UTC(2026, 10, 2, 7, 30);
const estate = parseEstate(estateText);
const ana = { id: 'U0ANA', teamId: 'T0STAMPS', name: 'Ana', groups: ['oncall'] };
let database: Awaited<ReturnType<typeof newDatabase>>;
let at: number;
let upkeep: UpkeepPort;
let pictures: string[];

beforeEach(async () => {
  database = await newDatabase();
  at = start;
  pictures = [];
  upkeep = createFakeUpkeep(() => undefined);
});
afterEach(() => database.close());

const app = estate.cells[0]?.containerAppId ?? '';
const grant = (id: string, inherited = false): AccessGrant => ({
  id,
  principalId: `p-${id}`,
  principalType: 'User',
  role: 'Owner',
  scope: inherited ? '/providers/Microsoft.Management/managementGroups/mg' : `/subscriptions/${estate.subscriptionId}`,
  inherited,
});
function digests() {
  const chat = {
    uploadPicture: async ({ altText }: { altText: string }) => {
      pictures.push(altText);
      return `F0PICTURE${pictures.length}`;
    },
  };
  const azure = { ...createFakeAzure(estate).ports, upkeep };
  const clock = { ...createFakeClock().clock, now: () => at };
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
    {},
  );
}
async function report(kind: 'weekly' | 'monthly', key = `k${at}`): Promise<MessageContent[]> {
  await digests().post({ kind, requestKey: key, channel: 'C0OPERATIONS' });
  const rows = await database.query<{ content: MessageContent }>(
    'select content from stamps.messages where key like $1 order by seq',
    [`%${key}%`],
  );
  const messages = rows.map(({ content }) => content);
  expect(messages.map(faultsOfMessage)).toEqual(messages.map(() => []));
  return messages;
}
const said = (messages: MessageContent[]) => messages.map((one) => shownText(one)).join('\n');

describe('weekly maintenance', () => {
  beforeEach(() => {
    upkeep = {
      ...upkeep,
      notSucceeded: async () => [{ id: app, type: 'Microsoft.App/containerApps', state: 'Failed' }],
      certificates: async () => ({
        found: [
          {
            id: 'https://v/certificates/a',
            vault: 'kv-a',
            name: 'near <!channel>',
            expiresAt: new Date(start + 12 * dayMs).toISOString(),
          },
          {
            id: 'https://v/certificates/b',
            vault: 'kv-a',
            name: 'far',
            expiresAt: new Date(start + 40 * dayMs).toISOString(),
          },
        ],
        unread: ['kv-closed'],
      }),
      cost: async (_subscription, from) => ({
        currency: 'EUR',
        total: from === '2026-10-26' ? 1_200 : 1_000,
        byGroup: [{ group: 'rg-a', cost: 1_200 }],
      }),
    };
  });

  it('counts what was found, tells the cost against the week before, and shows it as a picture', async () => {
    const messages = await report('weekly');
    const words = said(messages);
    expect(words).toContain('*Resources not Succeeded:* 1');
    expect(words).toContain('*Certificates that end within 30 days:* 1');
    expect(words).toContain('*Failed backup jobs of 7 days:* 0');
    expect(words).toContain('1,200.00 EUR, +20 % against the 7 days before');
    expect(words).toContain('Stamps may not read kv-closed');
    expect(words).toContain('near &lt;!channel&gt; expires in 12 days, on 2026-11-14');
    expect(words).not.toContain('far');
    expect(pictures[0]).toContain('Not Succeeded: 1, to look at');
  });

  it('offers to isolate a cell whose own resource it is, and only then', async () => {
    const [, findings] = await report('weekly');
    const values = JSON.stringify(findings).match(/"isolate_open"/g);
    expect(values).toHaveLength(1);
  });

  it('leaves out what somebody snoozed until it is time, and says how many', async () => {
    await report('weekly');
    const [row] = await database.query<{ key: string }>(
      `select key from stamps.findings where finding->>'kind' = 'certificate'`,
    );
    await database.query(`update stamps.messages set ts = '17.1' where key like '%:1'`);
    const place = { channel: 'C0OPERATIONS', ts: '17.1' };
    await digests().snoozeFinding(row?.key ?? '', 7, ana, place);
    const [drawn] = await database.query<{ content: MessageContent }>(
      `select content from stamps.messages where ts = '17.1'`,
    );
    expect(shownText(drawn?.content as MessageContent)).toMatch(/near.*\n.*\n.*snoozed until .* by <@U0ANA>/);
    at += 1_000;
    expect(said(await report('weekly'))).toMatch(/\*Certificates that end within 30 days:\* 0[\s\S]*1 snoozed/);
    await database.query(`update stamps.findings set snoozed_until = clock_timestamp() - interval '1 second'`);
    at += 1_000;
    expect(said(await report('weekly'))).toContain('*Certificates that end within 30 days:* 1');
  });

  it('remembers who looks after a finding, and writes both down in the audit log', async () => {
    await report('weekly');
    const [row] = await database.query<{ key: string }>('select key from stamps.findings');
    await digests().assignFinding(row?.key ?? '', ana, { channel: 'C0OPERATIONS', ts: '1.0' });
    await digests().snoozeFinding(row?.key ?? '', 7, ana, { channel: 'C0OPERATIONS', ts: '1.0' });
    const audit = await database.query<{ kind: string; actor: string }>(
      'select kind, actor from stamps.audit order by seq',
    );
    expect(audit).toEqual([
      { kind: 'finding-assigned', actor: 'U0ANA' },
      { kind: 'finding-snoozed', actor: 'U0ANA' },
    ]);
    await database.query('update stamps.findings set snoozed_until = null');
    at += 1_000;
    expect(said(await report('weekly'))).toContain('<@U0ANA> looks after it');
    await expect(digests().assignFinding('gone', ana, { channel: 'C', ts: '1' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('says what it could not read, and counts it as not known, never as none', async () => {
    upkeep = createFakeUpkeep((call) => {
      if (call !== 'upkeep.cost')
        throw new OpsError('not-allowed', 'Azure did not let Stamps look.', { service: 'Azure' });
    });
    const words = said(await report('weekly'));
    expect(words).toContain('*Unhealthy security assessments:* not known');
    expect(words).toContain('Backup jobs: Azure did not let Stamps look.');
    expect(pictures[0]).toContain('Security: no data');
  });

  it('counts what it found beside a vault that it may not read, and takes nothing found for not known then', async () => {
    const backup = {
      id: '/jobs/1',
      vault: 'rsv-a',
      item: 'sqldb',
      operation: 'Backup',
      startedAt: '2026-11-01T03:00:00Z',
    };
    upkeep = { ...upkeep, failedBackups: async () => ({ found: [backup], unread: ['rsv-closed'] }) };
    const some = said(await report('weekly'));
    expect(some).toContain('*Failed backup jobs of 7 days:* 1');
    expect(some).toContain('Backup jobs: Stamps may not read rsv-closed.');
    upkeep = { ...upkeep, failedBackups: async () => ({ found: [], unread: ['rsv-closed'] }) };
    at += 1_000;
    expect(said(await report('weekly'))).toContain('*Failed backup jobs of 7 days:* not known');
  });

  it('shows the twenty most urgent of many, and how many more there are', async () => {
    upkeep = {
      ...upkeep,
      unhealthy: async () =>
        Array.from({ length: 60 }, (_, n) => ({
          id: `a${n}`,
          title: 'x'.repeat(500),
          severity: n === 59 ? 'High' : 'Low',
          resourceId: '',
        })),
    };
    const [, findings] = await report('weekly');
    expect(shownText(findings as MessageContent)).toContain('(42 more)');
    expect(shownText(findings as MessageContent)).toContain('High, on the subscription');
  });
});

describe('monthly maintenance', () => {
  it('reviews who may do what against a month ago, inherited grants too', async () => {
    upkeep = { ...upkeep, access: async () => [grant('a'), grant('b', true)] };
    expect(said(await report('monthly'))).toContain('the first review: there is nothing to compare with');
    at += 29 * dayMs;
    upkeep = { ...upkeep, access: async () => [grant('b', true), grant('c')] };
    const words = said(await report('monthly'));
    expect(words).toContain('2 grants, 1 given and 1 taken since 2026-11-02');
    expect(words).toMatch(/Given since 2026-11-02\*\n• \*Owner\* to user `p-c`/);
    expect(words).toMatch(/Taken since 2026-11-02\*\n• \*Owner\* to user `p-a`/);
    expect(words).toMatch(/Inherited from above the subscription\*\n• \*Owner\* to user `p-b`/);
  });

  it('does not compare with a review of last week', async () => {
    upkeep = { ...upkeep, access: async () => [grant('a')] };
    await report('monthly');
    at += 7 * dayMs;
    upkeep = { ...upkeep, access: async () => [] };
    expect(said(await report('monthly'))).toContain('the first review');
  });

  it('says which limits of cells come within half a year, and where nothing can be foreseen', async () => {
    const none = said(await report('monthly'));
    expect(none).toContain('Limits of cells: none can be foreseen yet');
    expect(none).toMatch(/\*Limits of cells within half a year\*, the first first\s+Not known\./);
    await database.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
       select 'day', kpi, scope, date_trunc('day', $1::timestamptz, 'UTC') - n * interval '1 day', 24, 24, 24, v, v, v
       from (values ('capacity.sqlStorage', 'cell/cell-retail', 95, 0.1), ('capacity.sqlLoad', 'cell/cell-banking', 50, 0.01)) as f(kpi, scope, now, growth),
            generate_series(1, 60) n, lateral (select (now - growth * n)::float8 as v) as w`,
      [new Date(at).toISOString()],
    );
    at += 1_000;
    const words = said(await report('monthly'));
    expect(words).toMatch(
      /\*SQL storage\* of cell-retail: 95 % now, 100 % about .* \(80 % interval: .*\)\. The plan foresees SQL databases to the Premium tier/,
    );
    expect(words).not.toContain('of cell-banking: 50 %');
    expect(words).not.toContain('none can be foreseen');
  });

  it('says at which level the estate was run, as far as anything shows it', async () => {
    expect(said(await report('weekly'))).not.toContain('*Evidence:*');
    expect(said(await report('monthly'))).toContain('*Evidence:* 0 incidents');
  });

  it('says once that there is no month before', async () => {
    await storeHours(
      database,
      { definition: kpiDefinition('latency'), scope: 'global' },
      at - 10 * dayMs,
      at,
      () => 90,
    );
    const first = said(await report('monthly'));
    expect(first).toMatch(/there is no month before them to compare with yet\n• \*Latency\*: 90 ms, worst day 90 ms$/m);
    const cpu = { definition: kpiDefinition('containerCpu'), scope: 'cell/cell-banking' } as const;
    await storeHours(database, cpu, at - 60 * dayMs, at, () => 40);
    at += 1_000;
    expect(said(await report('monthly'))).toMatch(
      /\*Latency\*: 90 ms, worst day 90 ms; no month before to compare with$/m,
    );
  });

  it('compares each indicator with the month before', async () => {
    const definition = kpiDefinition('tenantLatency');
    await storeHours(database, { definition, scope: 'cell/cell-banking' }, at - 60 * dayMs, at, (hour) =>
      hour < at - 30 * dayMs ? 100 : hour > at - 10 * dayMs && hour < at - 9 * dayMs ? 400 : 150,
    );
    const words = said(await report('monthly'));
    expect(words).toMatch(
      /\*Tenant latency of cell-banking\*: 15\d ms, worst day \d{3} ms, 10\d ms the month before — 🔻 worse/,
    );
  });
});
