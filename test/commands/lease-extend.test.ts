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

  it.each(['recovery/cell-banking', 'Recovery/Cell-Banking'])('extends what the recovery %s keeps', async (named) => {
    const desk = createDesk();
    desk.operations.leases.push(sampleLease, { ...sampleLease, subject: 'recovery/cell-banking' });
    await desk.type(`lease extend ${named} 2d`);
    expect(desk.operations.acts()).toEqual([requestOf('extend-lease', { cell: 'recovery/cell-banking', for: '2d' })]);
  });

  it('says when no recovery is open, and names the one that is when the cell itself has no lease', async () => {
    const desk = createDesk();
    expect(await desk.type('lease extend recovery/cell-banking 2d')).toContain('No recovery of cell-banking is open');
    desk.operations.leases.push({ ...sampleLease, subject: 'recovery/cell-banking' });
    expect(await desk.type('lease extend cell-banking 2d')).toMatch(
      /cell-banking has no lease.*lease extend recovery\/cell-banking 1d/s,
    );
    expect(desk.operations.acts()).toEqual([]);
  });

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
