import { type MaturityEvidence, maturityOf } from '../../src/domain/maturity.ts';

const none: MaturityEvidence = {
  incidents: 0,
  foundByAlerts: 0,
  acknowledged: 0,
  acknowledgedInTime: 0,
  runs: 0,
  beforeTrouble: 0,
  byStamps: 0,
  scaleOuts: 0,
  scaledBefore: 0,
  proposed: 0,
  taken: 0,
  windows: 1_000,
  known: 990,
};
const level = (more: Partial<MaturityEvidence>) => maturityOf({ ...none, ...more }).level;
const found = { incidents: 10, foundByAlerts: 9, acknowledged: 10, acknowledgedInTime: 9 };

describe('maturity', () => {
  it.each([
    ['is not known of a month in which nothing happened', {}, undefined],
    ['is reactive when people find the incidents', { ...found, foundByAlerts: 5 }, 'reactive'],
    ['is reactive when acknowledgements are late', { ...found, acknowledgedInTime: 5 }, 'reactive'],
    [
      'is reactive when little is measured, whatever else is good',
      { ...found, known: 500, runs: 10, beforeTrouble: 10, byStamps: 10 },
      'reactive',
    ],
    ['is proactive when alerts find them in time', found, 'proactive'],
    ['is proactive while runs come after the trouble', { ...found, runs: 10, beforeTrouble: 4 }, 'proactive'],
    ['is predictive when most runs come before it', { ...found, runs: 10, beforeTrouble: 6 }, 'predictive'],
    [
      'is proactive while cells are scaled out only after CPU passed its alert',
      { ...found, runs: 10, beforeTrouble: 6, scaleOuts: 4, scaledBefore: 1 },
      'proactive',
    ],
    [
      'is predictive when they are scaled before',
      { ...found, runs: 10, beforeTrouble: 6, scaleOuts: 4, scaledBefore: 3 },
      'predictive',
    ],
    [
      'is autonomous when Stamps asks for most of them',
      { ...found, runs: 10, beforeTrouble: 6, byStamps: 5 },
      'autonomous',
    ],
    [
      'is not autonomous on the word of one criterion alone',
      { ...found, runs: 10, beforeTrouble: 1, byStamps: 10 },
      'proactive',
    ],
  ])('%s', (_, more, expected) => expect(level(more)).toBe(expected));
});
