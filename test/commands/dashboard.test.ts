import { createDesk } from '../support/fakes/desk.ts';

describe('dashboard', () => {
  it.each([
    ['dashboard', undefined],
    ['dashboard global', undefined],
    ['dashboard cell cell-banking', 'cell-banking'],
    ['dashboard healthcare', 'cell-healthcare'],
  ])('“%s” draws %s', async (typed, cell) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain('The picture is being drawn');
    expect(desk.reports.asked).toMatchObject([{ kind: 'dashboard', ...(cell && { cell }) }]);
  });

  it.each([
    ['dashboard cell', 'Which cell?'],
    ['dashboard nowhere', 'There is no cell “nowhere”'],
    ['dashboard global now', 'There is no cell'],
  ])('answers “%s” with “%s”', async (typed, words) => {
    const said = await createDesk().type(typed);
    expect(said.includes(words) || said.includes('one word too many')).toBe(true);
  });
});
