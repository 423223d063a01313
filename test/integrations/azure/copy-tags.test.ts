import { describeCopy, foreign } from '../../../src/integrations/azure/copy-tags.ts';

describe('the words for a copy', () => {
  const copy = { from: '/x/databases/sql-cell-banking', at: '2026-11-24T02:30:00.000Z' };
  const later = { ...copy, at: '2026-11-24T02:40:00.000Z' };

  it.each([
    ['is made', null, copy, 'copy of sql-cell-banking as of 2026-11-24 02:30:00 UTC'],
    ['is deleted', copy, null, 'copy of sql-cell-banking as of 2026-11-24 02:30:00 UTC is deleted'],
    ['is not there', null, null, 'no copy'],
    [
      'is another one',
      copy,
      later,
      'copy of sql-cell-banking as of 2026-11-24 02:30:00 UTC → copy of sql-cell-banking as of 2026-11-24 02:40:00 UTC',
    ],
    ['is somebody’s', null, foreign, 'something that Stamps did not make'],
  ])('when it %s', (_, before, after, words) => {
    expect(describeCopy(before, after)).toBe(words);
  });
});
