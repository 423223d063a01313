import { createDesk, incidents } from '../support/fakes/desk.ts';

describe('capacity', () => {
  it('makes the report in the channel', async () => {
    const desk = createDesk();
    expect(await desk.type('capacity')).toContain('being made; it appears in this channel');
    expect(desk.reports.asked).toEqual([{ kind: 'capacity', requestKey: 'key-1', channel: incidents }]);
  });
});
