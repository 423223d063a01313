import { difference } from '../../src/blocks/difference.ts';
import type { Json } from '../../src/domain/json.ts';

describe('a difference in words', () => {
  it.each<[string, Json, Json, string]>([
    ['names only what differs', { a: 1, b: 'x' }, { b: 'y', a: 1 }, 'b: x → y'],
    [
      'joins lists',
      { addresses: ['10.0.0.4'] },
      { addresses: ['10.1.0.4', '10.1.0.5'] },
      'addresses: 10.0.0.4 → 10.1.0.4, 10.1.0.5',
    ],
    ['says none of an empty list', { addresses: ['10.0.0.4'] }, { addresses: [] }, 'addresses: 10.0.0.4 → none'],
    ['says nothing of what is not there', null, { active: true }, 'nothing → active: yes'],
    [
      'speaks, not codes',
      { minReplicas: 2, dataLossAllowed: false, SQL_URL: '' },
      { minReplicas: 3, dataLossAllowed: true, SQL_URL: 'x' },
      'SQL_URL: “” → x; data loss allowed: no → yes; min replicas: 2 → 3',
    ],
    ['tells a key that is gone', { a: 1, b: 2 }, { a: 1 }, 'b: 2 → nothing'],
    ['looks inside', { a: { b: 1, c: '' } }, { a: { b: 2 } }, 'a: (b: 1, c: “”) → (b: 2)'],
    [
      'calls a resource by its name',
      { scope: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.App/containerApps/app-a' },
      { scope: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.App/containerApps/app-b' },
      'scope: app-a → app-b',
    ],
    [
      'shows all of an id when its name is not what differs',
      { scope: '/subscriptions/1/x/app' },
      { scope: '/subscriptions/2/x/app' },
      'scope: /subscriptions/1/x/app → /subscriptions/2/x/app',
    ],
    [
      'writes moments as people do',
      { at: '2026-11-29T07:55:00.000Z' },
      { at: '2026-11-29T08:00:00Z' },
      'at: 2026-11-29 07:55:00 UTC → 2026-11-29 08:00:00 UTC',
    ],
    ['leaves alone what only looks like one', { at: '2026-99-99T99:99:99Z' }, {}, 'at: 2026-99-99T99:99:99Z → nothing'],
    ['does not care about the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, 'no difference'],
  ])('%s', (_, before, after, words) => expect(difference(before, after)).toBe(words));
});
