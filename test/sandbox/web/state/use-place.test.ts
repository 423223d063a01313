import { hashOf, placeOf } from '../../../../sandbox/web/state/use-place.ts';

describe('the place in the address', () => {
  it('survives a reload', () => {
    const place = { as: 'U1', at: 'C1', thread: '1.5', tab: 'estate', cell: 'cell-banking' } as const;
    expect(placeOf(hashOf(place))).toEqual(place);
  });

  it('takes an address that says nothing', () => {
    expect(placeOf('')).toEqual({ as: undefined, at: undefined, thread: undefined, tab: 'channel', cell: undefined });
    expect(placeOf('#tab=nonsense').tab).toBe('channel');
  });
});
