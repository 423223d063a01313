import { createDesk } from '../support/fakes/desk.ts';

describe('pause', () => {
  it.each([
    ['pause Azure is away', 'Azure is away'],
    ['pause because Azure is away', 'Azure is away'],
    ['pause “Azure is away”', 'Azure is away'],
    ['pause', ''],
  ])('stops everything for “%s”', async (typed, reason) => {
    const desk = createDesk();
    expect(await desk.type(typed, 'U0OLGA')).toContain('*Everything is paused.*');
    expect(desk.operations.acts()).toEqual([['pause', 'U0OLGA', reason]]);
  });

  it('is refused to those who do not operate', async () => {
    const desk = createDesk();
    expect(await desk.type('pause')).toContain('You may not use “/stamps pause”.');
    expect(desk.operations.acts()).toEqual([]);
  });
});
