import { findingLines, healthLines, wordLine } from '../../src/blocks/resource-health.ts';
import type { HealthFinding, HealthSummary } from '../../src/domain/resource-health.ts';

const gateway: HealthFinding = {
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationGateways/agw-stamps',
  region: 'eastus',
  state: 'unavailable',
  cause: 'platform',
  planned: false,
  since: '2026-11-24T03:02:00.000Z',
  says: 'We are <!here> sorry.',
};
const summary = (change: Partial<HealthSummary>): HealthSummary => ({
  watched: 9,
  available: 9,
  unknown: 0,
  bad: [],
  ...change,
});

describe('Azure’s own word on a card', () => {
  it.each<[string, HealthSummary | undefined, string]>([
    ['is not known where it could not be read', undefined, '❔ *Azure Resource Health:* not known'],
    [
      'is nothing where Azure watches nothing',
      summary({ watched: 0, available: 0 }),
      '❔ *Azure Resource Health:* Azure watches none of these resources',
    ],
    [
      'is no green sign, as it is late and knows little',
      summary({}),
      '▫️ *Azure Resource Health*, minutes behind: 9 resources available',
    ],
    [
      'tells of how many Azure hears nothing, which is not good and not bad',
      summary({ available: 7, unknown: 2 }),
      '▫️ *Azure Resource Health*, minutes behind: 7 resources available, nothing heard of 2',
    ],
    [
      'is not known where Azure hears nothing of any',
      summary({ available: 0, unknown: 9 }),
      '❔ *Azure Resource Health*, minutes behind: nothing heard of 9',
    ],
    [
      'is red where something is unavailable',
      summary({ available: 7, bad: [gateway, { ...gateway, state: 'degraded' }] }),
      '🔴 *Azure Resource Health*, minutes behind: 1 unavailable, 1 degraded, 7 available',
    ],
    [
      'is not red for what somebody switched off',
      summary({ available: 8, bad: [{ ...gateway, cause: 'customer' }] }),
      '⚠️ *Azure Resource Health*, minutes behind: 1 unavailable, 8 available',
    ],
  ])('%s', (_, found, says) => {
    expect(healthLines(found)[0]).toBe(says);
  });

  it('has a line for all of a region of which Azure says the same, five such lines, and counts the others', () => {
    const of = (region: string, name: string, cell?: string): HealthFinding => ({
      ...gateway,
      ...{ region, id: `/x/${name}` },
      ...(cell !== undefined && { cell }),
    });
    const [first, second] = findingLines([
      of('eastus', 'agw'),
      of('eastus', 'kv'),
      of('eastus', 'sql', 'cell-a'),
      of('eastus', 'st', 'cell-a'),
      of('westus', 'sql', 'cell-b'),
      of('westus', 'st', 'cell-b'),
    ]);
    expect(findingLines([of('eastus', 'agw'), { ...of('eastus', 'kv'), since: '2026-11-24T03:09:00Z' }])[0]).toContain(
      '2026-11-24 03:02 UTC> or later, ',
    );
    expect(first).toMatch(/^\*agw, kv, sql\* and 1 more in eastus are unavailable since /);
    expect(second).toMatch(/^\*sql, st\* of cell-b are unavailable since /);
    const lines = healthLines(summary({ bad: Array.from({ length: 8 }, (_, n) => of(`region-${n}`, 'agw')) }));
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe('… (3 more)');
  });

  it.each<[Partial<HealthFinding>, string]>([
    [
      {},
      '*agw-stamps* in eastus is unavailable since <!date^1795489320^{date_short_pretty} {time}|2026-11-24 03:02 UTC>, Azure’s own doing: “We are &lt;!here&gt; sorry.”',
    ],
    [{ planned: true }, 'Azure’s own doing, as planned: “'],
    [{ cause: 'customer' }, ', somebody’s doing, not Azure’s: “'],
    [{ cell: 'cell-banking', state: 'degraded' }, '*agw-stamps* of cell-banking is degraded since'],
  ])('says what is so, since when, and whose doing it is: %j', (change, says) => {
    expect(findingLines([{ ...gateway, ...change }]).join('\n')).toContain(says);
  });

  it('says that Azure does not say', () => {
    const { id, state } = gateway;
    expect(findingLines([{ id, state }])).toEqual(['*agw-stamps* is unavailable, whose doing Azure does not say']);
  });

  it('is one line for one resource', () => {
    expect(wordLine(undefined)).toBe('❔ *Azure Resource Health:* not known');
    expect(wordLine({ state: 'available' })).toBe('▫️ *Azure Resource Health*, minutes behind: available');
    expect(wordLine({ state: 'unknown' })).toBe('❔ *Azure Resource Health*, minutes behind: nothing heard of it');
    expect(wordLine({ state: 'degraded', cause: 'platform' })).toBe(
      '⚠️ *Azure Resource Health*, minutes behind: degraded, Azure’s own doing',
    );
  });
});
