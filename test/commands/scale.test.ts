import { createDesk, incidents, requestOf } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

describe('scale', () => {
  it.each([
    ['scale cell-banking to 6', { cell: 'cell-banking', to: 6 }],
    ['scale banking-dr by +2', { cell: 'cell-banking-dr', by: 2 }],
    ['scale cell-banking by -1', { cell: 'cell-banking', by: -1 }],
    ['scale cell-banking by −1', { cell: 'cell-banking', by: -1 }],
    ['scale cell-banking to 6 most 12', { cell: 'cell-banking', to: 6, most: 12 }],
    [
      'scale to 6 cell-banking because the sale begins at noon',
      { cell: 'cell-banking', to: 6, reason: 'the sale begins at noon' },
    ],
  ])('reads “%s”', async (typed, input) => {
    const desk = createDesk();
    await desk.type(typed);
    expect(desk.operations.acts()).toEqual([requestOf('scale-cell', input)]);
  });

  it.each([
    ['scale cell-banking', 'either to how many replicas, or by how many'],
    ['scale cell-banking to 6 by 2', 'either to how many replicas, or by how many'],
    ['scale cell-banking to', 'How many replicas stand behind “to”?'],
    ['scale cell-banking to many', '“many” is not a number of replicas'],
    ['scale cell-banking to 6.5', '“6.5” is not a number of replicas'],
    ['scale cell-banking to -1', '“-1” is not a number of replicas'],
    ['scale to 6', 'Which cell?'],
    ['scale cell-bankng to 6', 'There is no cell “cell-bankng”'],
    ['scale cell-banking to 6 because no', 'The reason is too short'],
  ])('refuses “%s”', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(says);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('is not for everybody', async () => {
    const desk = createDesk();
    expect(await desk.type('scale cell-banking to 6', 'U0EVE')).not.toContain('Planned');
    expect(desk.operations.acts()).toEqual([]);
  });

  it('opens the form without words, protected cells with it, and plans what is filled in', async () => {
    const desk = createDesk();
    expect(await desk.type('scale')).toContain('cell-healthcare');
    const place = `{"channel":"${incidents}"}`;
    expect(desk.chat.shown).toMatchObject([
      { how: 'view', view: { callback_id: 'scale_submit', private_metadata: place } },
    ]);
    const values = { cell: 'cell-banking', to: '8', most: '', reason: 'the sale begins at noon' };
    await desk.submit('scale_submit', values, place, ana);
    expect(desk.operations.acts()).toEqual([
      requestOf('scale-cell', { cell: 'cell-banking', to: 8, reason: 'the sale begins at noon' }),
    ]);
  });

  it('opens the form filled in from a button', async () => {
    const desk = createDesk();
    const shown = await desk.press('scale_open', 'cell-banking:8');
    expect(shown).toContain('To, at least');
    expect(JSON.stringify(desk.chat.shown)).toContain('"initial_value":"8"');
  });

  it('opens the form filled in for a larger database', async () => {
    const desk = createDesk();
    await desk.press('scale_open', 'cell-banking:up');
    const view = JSON.stringify(desk.chat.shown);
    expect(view).toContain('the load of cell-banking’s database reaches its limit');
    expect(view).toContain('"initial_value":"up"');
    expect(view).toMatch(/"initial_option":\{[^}]*\{[^}]*"SQL database"/);
  });
});
