import { createDesk } from '../support/fakes/desk.ts';

describe('runs', () => {
  it('lists the newest', async () => {
    const desk = createDesk();
    expect(await desk.type('runs')).toContain('✋ Waiting for approval — `r-17` Isolate cell-banking until 07:11 UTC');
    expect(desk.operations.calls).toEqual([['runs', { limit: 20 }]]);
  });

  it('says when there are none', async () => {
    const desk = createDesk();
    desk.operations.runs.clear();
    expect(await desk.type('runs')).toBe('No runs yet.');
  });
});
