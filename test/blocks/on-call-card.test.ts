import { onCallCard } from '../../src/blocks/on-call-card.ts';
import type { OnCallTurn } from '../../src/ports/on-call.ts';

const at = '2026-11-24T03:00:00.000Z';
const level = (policy: string, number: number, ...now: string[]): OnCallTurn => ({
  policy: { id: policy, name: policy },
  level: number,
  now: now.map((name) => ({ name })),
});

describe('the notification of who is on call', () => {
  it.each([
    [
      'the first level of the first policy',
      [level('Platform', 1, 'Ana <Ruiz>'), level('Platform', 2, 'Ben')],
      'Ana &lt;Ruiz&gt;',
    ],
    [
      'that nobody is, though somebody is for another policy',
      [level('Platform', 1), level('Data', 1, 'Eva')],
      'nobody',
    ],
  ])('names %s', (_, turns, who) => {
    expect(onCallCard(turns, [], at).text).toBe(`On call for Platform: ${who}`);
  });

  it('says when there is no policy at all', () => {
    expect(onCallCard([], [], at).text).toBe('Nobody is on call.');
  });
});
