import { runQuery } from '../../../sandbox/azure/cosmos-query.ts';

const documents = [
  { id: 'a', tier: 'smb', size: 3, tags: ['PCI-DSS'], address: { city: 'Kiel' } },
  { id: 'b', tier: 'enterprise', size: 9, tags: [], address: { city: 'Oslo' } },
  { id: 'c', tier: 'startup', tags: ['HIPAA', 'GxP'] },
];

describe('runQuery', () => {
  it.each([
    ['SELECT * FROM c', documents],
    ['select c.id from c', [{ id: 'a' }, { id: 'b' }, { id: 'c' }]],
    ['SELECT VALUE t.id FROM t WHERE t.size > 3', ['b']],
    ['SELECT VALUE c.id FROM c WHERE c.size <= 9', ['a', 'b']],
    ["SELECT VALUE c.id FROM c WHERE c.tier != 'smb'", ['b', 'c']],
    ['SELECT VALUE c.id FROM c WHERE c.size != 3', ['b']],
    ['SELECT c.address.city AS town, c.size\n  FROM c WHERE c.id = "a"', [{ town: 'Kiel', size: 3 }]],
    ["SELECT VALUE c.id FROM c WHERE c.tier IN ('smb', 'startup')", ['a', 'c']],
    [
      'SELECT c.tier, COUNT(1) AS n FROM c WHERE c.size > 1 GROUP BY c.tier',
      [
        { tier: 'smb', n: 1 },
        { tier: 'enterprise', n: 1 },
      ],
    ],
    ['SELECT COUNT(1) AS n FROM c GROUP BY c.none', [{ n: 3 }]],
    ["SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(c.tags, 'GxP') AND c.tier = 'startup'", ['c']],
  ])('%s', (query, found) => {
    expect(runQuery({ query }, documents)).toEqual(found);
  });

  it('takes parameters, whatever is in them', () => {
    const query = 'SELECT VALUE c.id FROM c WHERE c.tier = @tier';
    expect(runQuery({ query, parameters: [{ name: '@tier', value: 'smb' }] }, documents)).toEqual(['a']);
    expect(runQuery({ query, parameters: [{ name: '@tier', value: "smb' OR '1'='1" }] }, documents)).toEqual([]);
  });

  it.each([
    'SELECT VALUE COUNT(1) FROM c',
    'SELECT c.tier, c.id, COUNT(1) AS n FROM c GROUP BY c.tier',
    'SELECT c.tier, MAX(c.size) AS n FROM c GROUP BY c.tier',
    'SELECT * FROM c ORDER BY c.id',
    "SELECT * FROM c WHERE c.id = 'a' OR c.id = 'b'",
    'SELECT * FROM c WHERE c.tier = @missing',
    'SELECT d.id FROM c',
    'DELETE FROM c',
    '',
  ])('refuses what it does not understand: %s', (query) => {
    expect(() => runQuery({ query }, documents)).toThrow(expect.objectContaining({ status: 400 }));
  });
});
