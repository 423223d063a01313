import { createDesk } from '../support/fakes/desk.ts';
import { ana, ben } from '../support/sample-run.ts';

describe('break-glass', () => {
  it('takes the rest of the line as the reason', async () => {
    const desk = createDesk();
    expect(await desk.type('break-glass r-17 nobody else is "awake')).toContain('goes ahead without approval');
    expect(desk.operations.acts()).toEqual([['breakGlass', 'r-17', ana, 'nobody else is "awake']]);
  });

  it.each([
    ['break-glass', 'Which run?'],
    ['break-glass r-17', 'The reason is too short'],
    ['break-glass r-17 because now', 'The reason is too short'],
    ['break-glass banking nobody else is awake', '“banking” is not a run.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(message);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('is refused to those whom the policy does not name', async () => {
    const desk = createDesk();
    expect(await desk.type('break-glass r-17 nobody else is awake', ben)).toContain(
      'You may not use “/stamps break-glass”.',
    );
    expect(desk.operations.acts()).toEqual([]);
  });
});
