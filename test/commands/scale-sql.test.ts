import { createDesk, incidents, requestOf } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

const place = JSON.stringify({ channel: incidents });

describe('scale sql', () => {
  it.each([
    ['scale sql cell-banking up', { cell: 'cell-banking', to: 'up' }],
    ['scale sql banking-dr DOWN', { cell: 'cell-banking-dr', to: 'down' }],
    ['scale sql cell-banking to S4', { cell: 'cell-banking', to: 'S4' }],
    [
      'scale sql to GP_Gen5_4 cell-banking because the sale begins at noon',
      { cell: 'cell-banking', to: 'GP_Gen5_4', reason: 'the sale begins at noon' },
    ],
  ])('%s', async (text, input) => {
    const desk = createDesk();
    await desk.type(text);
    expect(desk.operations.acts()).toEqual([requestOf('scale-sql', input)]);
  });

  it.each([
    ['scale sql cell-banking', 'Say one of up, down, and to a service objective'],
    ['scale sql cell-banking up down', 'Say one of up, down'],
    ['scale sql cell-banking to', 'Which service objective?'],
    ['scale sql cell-banking to S-4', '“S-4” is no service objective'],
    ['scale sql up', 'Which cell?'],
    ['scale sql cell-bankng up', 'There is no cell “cell-bankng”'],
  ])('refuses %s', async (text, says) => {
    const desk = createDesk();
    expect(await desk.type(text)).toContain(says);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('lets a floor go, by itself or that of the replicas', async () => {
    const desk = createDesk();
    expect(await desk.type('scaling release cell-banking sql')).toContain('a step down may be proposed');
    expect(await desk.type('scaling release cell-banking')).toContain('a scale-in may be proposed');
    expect(await desk.type('scaling')).toContain('*cell-banking*: at least SQL S3');
    expect(desk.scaling.calls.slice(0, 2)).toEqual([
      ['release', 'cell-banking', 'sql', ana],
      ['release', 'cell-banking', 'replicas', ana],
    ]);
  });

  it('is not for who may not ask for it', async () => {
    expect(await createDesk().type('scale sql cell-banking up', 'U0EVE')).not.toContain('Planned');
  });

  it('opens the form of scale on the database, and asks for what is filled in', async () => {
    const desk = createDesk();
    expect(await desk.type('scale sql')).toContain('SQL database');
    expect(JSON.stringify(desk.chat.shown)).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"SQL database"',
    );
    const values = { cell: 'cell-banking', what: 'sql', to: 's4', reason: 'the sale begins at noon' };
    await desk.submit('scale_submit', values, place, ana);
    expect(desk.operations.acts()).toEqual([
      requestOf('scale-sql', { cell: 'cell-banking', to: 's4', reason: 'the sale begins at noon' }),
    ]);
  });
});
