import { picture } from '../../src/blocks/elements.ts';
import { message } from '../../src/blocks/message.ts';
import { faultsOfMessage } from '../support/block-limits.ts';

describe('a picture’s block', () => {
  it.each(['The KPIs of the estate', '', 'x'.repeat(9_000), 'two\nlines <b>'])(
    'keeps within the limits with the words %p',
    (words) => {
      const block = picture('F0PICTURE1', words);
      expect(faultsOfMessage(message('KPIs', [block]))).toEqual([]);
      expect(block.alt_text.length).toBeGreaterThan(0);
    },
  );
});
