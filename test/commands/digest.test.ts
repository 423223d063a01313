import { createDesk, incidents } from '../support/fakes/desk.ts';

describe('digest', () => {
  it('makes the day’s report in the channel, once for a delivery', async () => {
    const desk = createDesk();
    expect(await desk.type('digest')).toContain('being made; it appears in this channel');
    expect(desk.reports.asked).toEqual([{ kind: 'daily', requestKey: 'key-1', channel: incidents }]);
  });
});
