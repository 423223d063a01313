import { createDesk, incidents } from '../support/fakes/desk.ts';

describe('maintenance', () => {
  it.each(['weekly', 'monthly'])('makes the %s report in the channel', async (kind) => {
    const desk = createDesk();
    expect(await desk.type(`maintenance ${kind}`)).toContain('being made; it appears in this channel');
    expect(desk.reports.asked).toEqual([{ kind, requestKey: 'key-1', channel: incidents }]);
  });

  it('asks which when none is named', async () => {
    expect(await createDesk().type('maintenance')).toContain('maintenance weekly');
  });
});
