import { createDesk } from '../support/fakes/desk.ts';

describe('run', () => {
  it('shows one run in full, also without the r-', async () => {
    const desk = createDesk();
    for (const typed of ['run r-17', 'run 17']) {
      const shown = await desk.type(typed);
      expect(shown).toContain('*What it changes*');
      expect(shown).toContain('☑️ holds: eastus keeps 2 healthy cells');
    }
  });

  it.each([
    ['run', 'Which run?'],
    ['run banking', '“banking” is not a run.'],
    ['run r-17 r-18', '“r-18” is one word too many.'],
    ['run r-99', 'There is no run r-99.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});
