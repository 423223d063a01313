import { createDesk, requestOf } from '../support/fakes/desk.ts';

describe('restore', () => {
  it('asks for the playbook, with a reason when there is one', async () => {
    const desk = createDesk();
    await desk.type('restore banking-dr');
    await desk.type('restore cell-banking because the database is back');
    expect(desk.operations.acts()).toEqual([
      requestOf('restore-cell', { cell: 'cell-banking-dr' }),
      requestOf('restore-cell', { cell: 'cell-banking', reason: 'the database is back' }),
    ]);
  });
});
