import { createDesk } from '../support/fakes/desk.ts';
import { ana, sampleRun } from '../support/sample-run.ts';

describe('cancel', () => {
  it('asks the engine and says that a run under way stops at its next step', async () => {
    const desk = createDesk();
    desk.operations.runs.set('r-17', sampleRun({ state: 'running' }));
    expect(await desk.type('cancel r-17')).toContain('stops before its next step');
    expect(desk.operations.acts()).toEqual([['cancel', 'r-17', ana]]);
  });

  it('says that a waiting run is cancelled', async () => {
    const desk = createDesk();
    desk.operations.runs.set('r-17', sampleRun({ state: 'cancelled' }));
    expect(await desk.type('cancel r-17')).toContain('Cancelled: Isolate cell-banking until 07:11 UTC (`r-17`).');
  });

  it.each([
    ['cancel', 'Which run?'],
    ['cancel banking', '“banking” is not a run.'],
    ['cancel r-99', 'There is no run r-99.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});
