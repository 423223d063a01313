import {
  ladderOf,
  loadAt,
  nextObjective,
  objectiveNamed,
  type SqlDatabase,
  type SqlOffer,
  tierWords,
  whyNotScaled,
} from '../../src/domain/sql-tier.ts';
import { standardOffers, tierNamed, vCoreOffers } from '../support/fakes/fake-sql-tiers.ts';
import { fc } from '../support/properties.ts';

const gigabyte = 1024 ** 3;
const offers: readonly SqlOffer[] = [...vCoreOffers, ...standardOffers].toReversed();
const database = (objective: string, more: Partial<SqlDatabase> = {}): SqlDatabase => ({
  ...{ id: '/x/databases/sql-a', location: 'eastus', status: 'Online', kind: 'v12.0,user' },
  ...{ tier: tierNamed(objective), mostBytes: 250 * gigabyte, zoneRedundant: false, changing: false },
  ...more,
});

describe('one service objective up or down', () => {
  it.each([
    ['S3', 'up', 'S4'],
    ['S4', 'up', 'S6'],
    ['S3', 'down', 'S2'],
    ['S1', 'down', 'S0'],
    ['GP_Gen5_2', 'up', 'GP_Gen5_4'],
    ['GP_Gen5_6', 'down', 'GP_Gen5_4'],
  ] as const)('of %s %s is %s, within its tier and family', (from, direction, to) => {
    expect(nextObjective(database(from), offers, direction)).toEqual({ to: tierNamed(to) });
  });

  it.each([
    ['S6', 'up', 'S6 (400 DTUs) is the largest of its kind that its location sells.'],
    ['S0', 'down', 'S0 (10 DTUs) is the smallest of its kind that its location sells.'],
    ['GP_Gen5_2', 'down', 'GP_Gen5_2 (2 vCores) is the smallest of its kind that its location sells.'],
  ] as const)('of %s %s there is none', (from, direction, none) => {
    expect(nextObjective(database(from), offers, direction)).toEqual({ none });
  });

  it('must take what the database may grow to, which is not thought to be small where it is not known', () => {
    const large = database('S3', { mostBytes: 500 * gigabyte });
    expect(nextObjective(large, offers, 'down')).toEqual({
      none: 'The database may grow to 500 GB, and S2 takes 250 GB: set its largest size lower first.',
    });
    expect(nextObjective(large, offers, 'up')).toEqual({ to: tierNamed('S4') });
    const { mostBytes: _, ...unknown } = database('S3');
    expect(nextObjective(unknown, offers, 'down')).toEqual({
      none: expect.stringContaining('does not say whether S2'),
    });
  });

  it('of a zone-redundant database is one that is so too', () => {
    const redundant = database('GP_Gen5_6', { zoneRedundant: true });
    expect(ladderOf(redundant, offers).map(({ objective }) => objective)).toEqual(['GP_Gen5_4', 'GP_Gen5_6']);
    expect(nextObjective(database('GP_Gen5_4', { zoneRedundant: true }), offers, 'down')).toHaveProperty('none');
  });

  it('is told when its location sells nothing of its kind, and is found however Azure spells its sku', () => {
    const old = { ...tierNamed('GP_Gen5_2'), objective: 'GP_Gen4_2', sku: 'GP_Gen4', family: 'Gen4' };
    expect(nextObjective({ ...database('S3'), tier: old }, offers, 'up')).toEqual({
      none: 'Its location sells nothing of the kind of GP_Gen4_2 (2 vCores) now.',
    });
    const spelt = { ...tierNamed('S3'), sku: 'S3' };
    expect(nextObjective({ ...database('S3'), tier: spelt }, offers, 'up')).toEqual({ to: tierNamed('S4') });
  });

  it('goes there and back to exactly what was, wherever there is one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...offers), (offer) => {
        const up = nextObjective({ ...database('S3'), tier: tierNamed(offer.objective) }, offers, 'up');
        if ('none' in up) return;
        expect(nextObjective({ ...database('S3'), tier: up.to }, offers, 'down')).toEqual({
          to: tierNamed(offer.objective),
        });
      }),
    );
  });

  it('is found by its name only in its own tier and family', () => {
    expect(objectiveNamed(database('S3'), offers, 's6')?.capacity).toBe(400);
    expect(objectiveNamed(database('S3'), offers, 'GP_Gen5_4')).toBeUndefined();
  });
});

describe('what Stamps does not scale', () => {
  const tier = (more: object) => ({ tier: { ...tierNamed('GP_Gen5_2'), ...more } });
  it.each([
    ['a pool', { poolId: '/x/elasticPools/pool-a' }, 'It shares the elastic pool pool-a'],
    ['serverless', { kind: 'v12.0,user,vcore,serverless' }, 'It is serverless'],
    ['serverless by its sku', tier({ objective: 'GP_S_Gen5_2', sku: 'GP_S_Gen5' }), 'It is serverless'],
    ['Hyperscale', tier({ objective: 'HS_Gen5_2', sku: 'HS_Gen5', tier: 'Hyperscale' }), 'It is Hyperscale'],
    [
      'a warehouse',
      tier({ objective: 'DW100c', sku: 'DataWarehouse', tier: 'DataWarehouse' }),
      'Its tier DataWarehouse',
    ],
  ])('%s', (_, more, says) => expect(whyNotScaled(database('S3', more), [])).toContain(says));

  it('a secondary, of which it names the primary; a primary it does', () => {
    const id = '/x/servers/sql-a/databases/sql-b';
    expect(whyNotScaled(database('S3'), [{ id, ownRole: 'Secondary' }])).toContain('secondary of sql-b');
    expect(whyNotScaled(database('S3'), [{ id, ownRole: 'Primary' }])).toBeUndefined();
  });
});

it('tells sizes in words, and a load in percent of another size', () => {
  expect([tierWords(tierNamed('S3')), tierWords(tierNamed('GP_Gen5_4'))]).toEqual([
    'S3 (100 DTUs)',
    'GP_Gen5_4 (4 vCores)',
  ]);
  expect(tierWords({ objective: 'ElasticPool', tier: 'Standard', capacity: 0 })).toBe('ElasticPool');
  expect(loadAt(30, tierNamed('S3'), tierNamed('S2'))).toBe(60);
});
