import Sequencer from '@jest/test-sequencer';

/** Directories and files whose tests take a minute or more, the longest first: begun last, they would run on alone. */
const long = ['test/app/crash.test.ts', 'test/alerts/outside-corpus.test.ts', 'test/app/'];

/** Jest's own order, by size where it has no times yet, but for the tests that are known to take long. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = long.findIndex((part) => path.includes(part));
      return found < 0 ? long.length : found;
    };
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
