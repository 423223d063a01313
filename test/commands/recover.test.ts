import { createDesk, requestOf } from '../support/fakes/desk.ts';

const reason = 'a release deleted accounts';
const at = '2026-11-23T10:30:00.000Z';

describe('recover', () => {
  it.each([
    ['to 2026-11-23T10:30Z', { at }],
    ['to 2026-11-23 10:30 UTC for 2d', { at, for: '2d' }],
    ['for 2d to 2026-11-23T10:30Z', { at, for: '2d' }],
  ])('“%s” asks for the recovery', async (typed, input) => {
    const desk = createDesk();
    await desk.type(`recover cell-banking ${typed} because ${reason}`);
    expect(desk.operations.acts()).toEqual([requestOf('recover-cell', { cell: 'cell-banking', ...input, reason })]);
  });

  it.each([
    ['recover', 'Say which cell, and to when'],
    ['recover cell-banking yesterday', 'Say which cell, and to when'],
    [`recover cell-banking to because ${reason}`, 'missing behind “to”'],
    [`recover cell-banking to yesterday because ${reason}`, '“yesterday” is not a moment'],
    [`recover cell-banking to 2026-11-23T10:30 because ${reason}`, 'Write it with its zone'],
    ['recover cell-banking to 2026-11-23T10:30Z', 'Say why'],
    ['recover cell-bankng', 'There is no cell'],
  ])('asks for nothing when “%s” makes no sense', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(says);
    expect(desk.operations.acts()).toEqual([]);
  });
});
