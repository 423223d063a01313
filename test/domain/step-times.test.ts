import { inWords, timesInWords, timesOf } from '../../src/domain/step-times.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 3, 0, seconds)).toISOString();
const steps = [
  { stepId: 'begin', state: 'done', says: '', startedAt: at(0), finishedAt: at(1) },
  { stepId: 'moved', state: 'done', says: '', startedAt: at(1), finishedAt: at(42) },
  { stepId: 'open', state: 'running', says: '', startedAt: at(42) },
] as const;
const marks = [
  { step: 'begin', says: 'until it began' },
  { step: 'moved', says: 'until it had moved' },
];

describe('times of a run', () => {
  it('are from the beginning of one step to the end of others', () => {
    const times = timesOf({ steps }, 'begin', marks);
    expect(times).toEqual([1_000, 42_000]);
    expect(timesInWords(times ?? [], marks)).toBe('1 s until it began, 42 s until it had moved');
  });

  it.each([
    ['a step that is not over', 'begin', [{ step: 'open', says: '' }]],
    ['a step that never was', 'begin', [{ step: 'other', says: '' }]],
    ['a beginning that never was', 'other', marks],
  ])('are not known with %s', (_, since, wanted) => {
    expect(timesOf({ steps }, since, wanted)).toBeUndefined();
  });

  it.each([
    [89_400, '89 s'],
    [125_000, '2m 5s'],
  ])('%i ms read %s', (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
