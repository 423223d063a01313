import { createDesk } from '../support/fakes/desk.ts';

describe('resume', () => {
  it('lets the runs go on', async () => {
    const desk = createDesk();
    expect(await desk.type('resume', 'U0OLGA')).toContain('*Resumed.*');
    expect(desk.operations.acts()).toEqual([['resume', 'U0OLGA']]);
  });

  it('is refused to those who do not operate', async () => {
    const desk = createDesk();
    expect(await desk.type('resume')).toContain('You may not use “/stamps resume”.');
    expect(desk.operations.acts()).toEqual([]);
  });
});
