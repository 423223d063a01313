import { createDesk, requestOf } from '../support/fakes/desk.ts';
import { sampleLease } from '../support/sample-run.ts';

describe('lease extend', () => {
  it.each(['lease extend cell-banking 2h', 'lease extend cell-banking for 2h', 'Lease  Extend cell-banking 2 hours'])(
    'takes “%s”',
    async (typed) => {
      const desk = createDesk();
      desk.operations.leases.push(sampleLease);
      await desk.type(typed);
      expect(desk.operations.acts()).toEqual([
        requestOf('extend-lease', { cell: 'cell-banking', for: expect.stringMatching(/^2 ?h/) }),
      ]);
    },
  );

  it('says when nobody holds the cell', async () => {
    const desk = createDesk();
    expect(await desk.type('lease extend cell-retail 2h')).toContain('cell-retail has no lease');
    expect(desk.operations.acts()).toEqual([]);
  });

  it.each([
    ['lease extend cell-banking', 'For how much longer?'],
    ['lease extend cell-banking soon', '“soon” is not a duration.'],
    ['lease', 'There is no command “lease”.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});
