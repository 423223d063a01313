import { createDesk, requestOf } from '../support/fakes/desk.ts';
import { ben } from '../support/sample-run.ts';

describe('drill', () => {
  it.each([
    ['drill eastus', { region: 'eastus' }],
    ['drill EASTUS for 15m', { region: 'eastus', for: '15m' }],
    ['drill eastus to westus for 2m with data', { region: 'eastus', to: 'westus', for: '2m', withData: true }],
    ['drill eastus with data to westus for 2m', { region: 'eastus', to: 'westus', for: '2m', withData: true }],
    [
      'drill eastus for 30 min with data because it is the monthly test',
      { region: 'eastus', for: '30 min', withData: true, reason: 'it is the monthly test' },
    ],
  ])('asks for what “%s” says', async (typed, input) => {
    const desk = createDesk();
    await desk.type(typed);
    expect(desk.operations.acts()).toEqual([requestOf('drill-region', input)]);
  });

  it.each([
    ['drill', 'Which region?'],
    ['drill eastus westus', '“westus” is one word too many'],
    ['drill eastus with date', '“date” is not understood'],
    ['drill eastus with', 'missing behind “with”'],
    ['drill eastus for ever with data', '“ever” is not a duration'],
    ['drill eastus to westsu', 'Did you mean westus'],
  ])('asks for nothing when “%s” makes no sense', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(says);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('is not for everybody', async () => {
    const desk = createDesk();
    expect(await desk.type('drill eastus', ben)).toContain('may not');
    expect(desk.operations.acts()).toEqual([]);
  });
});
