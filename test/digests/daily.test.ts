import { createDigests } from '../../src/digests/create-digests.ts';
import { dayMs, hourMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { KpiScope } from '../../src/domain/kpi.ts';
import { kpiDefinitions } from '../../src/kpis/definitions.ts';
import type { ChatPort, MessageContent } from '../../src/ports/chat.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
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
function digests(moment = at) {
  const { clock } = { clock: { ...createFakeClock().clock, now: () => moment } };
  const settings = [{ channel: 'C0OPERATIONS', at: '08:30', zone: 'Europe/Berlin', kinds: ['daily'] as const }];
  const logger = createFakeLogger().logger;
  return createDigests(
    {
      database,
      estate,
      definitions: kpiDefinitions,
      azure: undefined,
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
  });

  it('says what scaling was proposed, taken, declined and left open', async () => {
    const ago = (hours: number) => new Date(at - hours * hourMs).toISOString();
    await database.query(
      `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel, checks, requested_at, expires_at)
       values ('r-7', 7, 'x', 'scale-cell', '{}', '{"title": "Scale"}', '', 'succeeded', 'U0ANA', 'C', '[]', $1, $1)`,
      [ago(3)],
    );
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
    await digests().post({ kind: 'daily', requestKey: 'k', channel: 'C0OPERATIONS' });
    const said = await words();
    expect(said).toContain('*Scaling:* 3 proposed: 1 taken, 1 declined, 1 open');
    expect(said).toContain('`sc-1` *cell-banking* out to 9 replicas — ✅ taken by <@U0ANA>, done by `r-7`');
    expect(said).toContain('`sc-2` *cell-retail* out to 9 replicas — declined by <@U0BEN>: a load test &lt;!here&gt;');
    expect(said).toContain('`sc-3` *cell-healthcare* out to 9 replicas — ⏳ open: nobody has answered yet');
    expect(said).not.toContain('sc-4');
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
  });

  it('says in its place when it could not be made', async () => {
    const asked = digests().post({ kind: 'weekly', requestKey: 'k', channel: 'C0OPERATIONS' });
    await expect(asked).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await words()).toContain('Weekly maintenance: could not be made');
  });

  it('says that it is late, and how many were missed', async () => {
    const [daily] = digests().schedules;
    expect(daily).toMatchObject({ name: 'daily/C0OPERATIONS', pattern: '30 8 * * *', timeZone: 'Europe/Berlin' });
    const due = new Date(at).toISOString();
    const messages = (await daily?.work({ dueAt: due, lateMs: 2 * hourMs, missed: 3 })) ?? [];
    const text = shownText(messages[0]?.content as MessageContent);
    expect(text).toContain('2h late: Stamps was not running when it was due. 3 earlier ones were missed');
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
