import { createDesk, incidents } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

describe('undo', () => {
  it('asks for a run that takes the other back, once for a delivery', async () => {
    const desk = createDesk();
    expect(await desk.type('undo r-17')).toContain('(`r-18`');
    expect(desk.operations.acts()).toEqual([['undo', 'r-17', ana, 'key-1', incidents]]);
  });

  it('is refused in a direct message, where nobody could approve', async () => {
    const desk = createDesk();
    expect(await desk.type('undo r-17', ana, { channel: 'D0ANA' })).toContain('must be asked for in a channel');
    expect(desk.operations.acts()).toEqual([]);
  });

  it.each([
    ['undo', 'Which run?'],
    ['undo banking', '“banking” is not a run.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});
