import { capacityReport } from '../../src/blocks/capacity-report.ts';
import { readCapacity } from '../../src/digests/capacity.ts';
import { foresee } from '../../src/digests/foresee.ts';
import { dayMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createFakeAzure, type FakeAzure } from '../support/fake-azure.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { storeHours } from '../support/kpi-history.ts';
import { estateText } from '../support/playbook-world.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const at = Date.UTC(2026, 10, 25, 7, 30);
const estate = parseEstate(estateText);
let database: Awaited<ReturnType<typeof newDatabase>>;
let azure: FakeAzure;
beforeEach(async () => {
  database = await newDatabase();
  azure = createFakeAzure(estate);
});
afterEach(() => database.close());

async function report() {
  const { clock } = createFakeClock();
  const logger = createFakeLogger().logger;
  const chat = undefined as never;
  const read = await readCapacity(
    {
      database,
      estate,
      definitions: kpiDefinitions,
      azure: azure.ports,
      chat,
      forecast: async (hours, withLastDay) => foresee(hours, withLastDay),
      incidentPolicy: defaultIncidentPolicy,
      clock,
      logger,
    },
    at,
  );
  const { first, thread } = capacityReport(read, undefined);
  expect([first, ...thread].flatMap(faultsOfMessage)).toEqual([]);
  return { read, words: [first, ...thread].map((one) => shownText(one)).join('\n') };
}
/** So many days of a throughput (rps, by days before now). */
const grown = (days: number, rps: (daysAgo: number) => number) =>
  storeHours(
    database,
    { definition: kpiDefinition('apiThroughput'), scope: 'global' },
    at - days * dayMs,
    at,
    (hour) => rps((at - hour) / dayMs) * 60,
  );

describe('the capacity report', () => {
  it('says when the growth reaches the plan, with the earliest day, and what the plan foresees then', async () => {
    // 1,500 a second 60 days ago, 10 more each day: 2,100 now, 2,500 in about 40 days.
    await grown(60, (daysAgo) => 2_100 - 10 * daysAgo + 20 * Math.sin(daysAgo));
    const { read, words } = await report();
    const stage = read.stages.find(({ stage: { months } }) => months === 6);
    expect(stage?.inDays).toBeGreaterThan(25);
    expect(stage?.inDays).toBeLessThan(60);
    expect(stage?.earliestDays).toBeLessThanOrEqual(stage?.inDays ?? 0);
    expect(words).toMatch(
      /2,500 requests a second \(plan of 6 months\): about .* by the growth of \d+ days, at the earliest/,
    );
    expect(words).toContain('SQL databases to the Premium tier');
    expect(read.chart?.lines.map(({ label }) => label)).toEqual(['measured', 'forecast']);
  });

  it('does not foresee a day for what does not grow', async () => {
    await grown(60, () => 900);
    const { read, words } = await report();
    expect(read.stages.find(({ stage: { months } }) => months === 12)?.inDays).toBeUndefined();
    expect(words).toContain('not within a year by the growth');
  });

  it('says that too few days are known', async () => {
    await grown(10, () => 900);
    const { read, words } = await report();
    expect(read.chart).toBeUndefined();
    expect(words).toContain('a forecast needs four weeks');
    expect(words).toContain('when is not known');
  });

  it('shows the fullest cell first, by all the replicas that it may have', async () => {
    const cells = estate.cells;
    azure.loads.set(cells[1]?.containerAppId ?? '', { requestsPerSecond: 400, replicas: 9 });
    const { words } = await report();
    const lines = words.split('\n').filter((line) => line.includes('% full'));
    expect(lines[0]).toContain(cells[1]?.name);
    expect(lines[0]).toContain('of 10 replicas');
  });

  it('says what it does not know, and shows no zero for it', async () => {
    azure.failures.set('load', new OpsError('unavailable', 'Azure is away.', { service: 'Azure' }));
    const { words } = await report();
    expect(words).toContain('*Requests a second:* not known now');
    expect(words).toContain(`*${estate.cells[0]?.name}*: not known`);
    expect(words).not.toContain(' 0 of ');
  });
});
