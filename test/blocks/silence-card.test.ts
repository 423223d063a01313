import { silenceCard, silenceMade, silenceOver, silencesList } from '../../src/blocks/silence-card.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { sampleSilence } from '../support/fakes/fake-silences.ts';
import { fc } from '../support/properties.ts';

describe('what is shown of a silence', () => {
  it('is taken by Slack whatever people wrote, and nothing in it is live', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('<!channel>', '<@U0BEN>', '`', '&'.repeat(5_000)),
    );
    fc.assert(
      fc.property(
        hostile,
        hostile,
        hostile,
        fc.constantFrom('planned', 'live', 'ended'),
        (cell, rule, reason, state) => {
          const silence = { ...sampleSilence, match: { cell, rule }, reason };
          const view = { ...silence, state, kept: 1, lasting: 1, endsSoon: true } as const;
          for (const shown of [silenceCard(view), silenceMade(silence), silenceOver(silence)]) {
            expect(faultsOfMessage(shown)).toEqual([]);
          }
          expect(faultsOfMessage(silencesList(Array.from({ length: 60 }, () => ({ silence, kept: 2 }))))).toEqual([]);
        },
      ),
    );
  });
});
