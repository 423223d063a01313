import { createDesk, incidents } from '../support/fakes/desk.ts';

const minute = 60_000;

describe('silence', () => {
  it.each([
    [
      'silence cell-banking for 2h because its database is moved',
      { cell: 'cell-banking' },
      120,
      'its database is moved',
    ],
    [
      'silence CELL-Banking for 90m because its database is moved',
      { cell: 'cell-banking' },
      90,
      'its database is moved',
    ],
    ['silence eastus for 1h because of the new gateway', { region: 'eastus' }, 60, 'of the new gateway'],
    ['silence rule "High memory" for 1h because the cache fills', { rule: 'High memory' }, 60, 'the cache fills'],
    [
      'silence rule “High memory” in eastus for 1h because the cache fills',
      { region: 'eastus', rule: 'High memory' },
      60,
      'the cache fills',
    ],
    [
      'silence cell-banking rule High memory for 1h because the cache fills',
      { cell: 'cell-banking', rule: 'High memory' },
      60,
      'the cache fills',
    ],
  ])('reads “%s”', async (typed, match, minutes, reason) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain('is silent from');
    const wanted = { requestKey: 'key-1', match, reason, lastsMs: minutes * minute, channel: incidents };
    expect(desk.silenceBook.calls).toEqual([['silence', wanted, 'U0ANA']]);
  });

  it.each([
    ['silence', 'What should be silent?'],
    ['silence cell-banking because it is noisy again', 'A silence always has an end.'],
    ['silence cell-banking for 2h', 'Why?'],
    ['silence cell-banking for 8d because it is noisy again', 'too long'],
    ['silence cell-banking for ever because it is noisy again', 'is not a duration.'],
    ['silence cell-nobody for 2h because it is noisy again', 'There is no cell'],
    ['silence cell for 2h because it is noisy again', 'could be'],
    ['silence cell-banking eastus for 2h because it is noisy again', 'one word too many'],
    ['silence cell-banking in 2h for 2h because it is noisy again', 'A silence begins at once.'],
  ])('explains what is wrong with “%s”', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(says);
    expect(desk.silenceBook.calls).toEqual([]);
  });

  it('is for responders', async () => {
    const desk = createDesk();
    expect(await desk.type('silence cell-banking for 2h because it is noisy', 'U0OLGA')).toContain('You may not use');
    expect(desk.silenceBook.calls).toEqual([]);
  });

  it('is listed, made longer and ended, by command and by button', async () => {
    const desk = createDesk();
    expect(await desk.type('silences')).toContain('3 alerts so far: its database is being moved');
    await desk.type('silence extend s-4 1h');
    await desk.type('silence end 4');
    await desk.press('silence_extend', 's-4');
    await desk.press('silence_end', 's-4');
    expect(desk.silenceBook.calls).toEqual([
      ['extend', 's-4', 60 * minute, 'U0ANA', 'key-1'],
      ['end', 's-4', 'U0ANA'],
      ['extend', 's-4', 60 * minute, 'U0ANA', 'key-1'],
      ['end', 's-4', 'U0ANA'],
    ]);
    expect(await desk.type('silence end s-99')).toContain('There is no silence');
    expect(await desk.press('silence_end', '<!channel>')).toContain('is not a silence');
  });
});

describe('maintenance-window', () => {
  it.each([
    ['from 2026-12-01T22:00Z', '2026-12-01T22:00:00.000Z'],
    ['from 2026-12-01 22:00 UTC', '2026-12-01T22:00:00.000Z'],
    ['from 2026-12-01 22:00 +0100', '2026-12-01T21:00:00.000Z'],
    ['in 3h', '2026-11-24T06:11:00.000Z'],
  ])('begins %s', async (from, startsAt) => {
    const desk = createDesk();
    await desk.type(`maintenance-window cell-banking ${from} for 2h because its database gets a new version`);
    expect(desk.silenceBook.calls).toMatchObject([['silence', { startsAt, lastsMs: 120 * minute }, 'U0ANA']]);
  });

  it.each([
    ['from tomorrow', 'is not a moment'],
    ['from 2026-12-01T22:00', 'is not a moment'],
    ['from 2026-13-45T22:00Z', 'is not a moment'],
    ['from 2027-02-30T22:00Z', 'is not a moment'],
    ['', 'From when?'],
  ])('asks again for “%s”', async (from, says) => {
    const desk = createDesk();
    const typed = `maintenance-window cell-banking ${from} for 2h because its database gets a new version`;
    expect(await desk.type(typed)).toContain(says);
    expect(desk.silenceBook.calls).toEqual([]);
  });
});
