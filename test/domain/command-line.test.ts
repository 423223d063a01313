import { quote, tokenize, words } from '../../src/domain/command-line.ts';
import { OpsError } from '../../src/errors.ts';
import { fc } from '../support/properties.ts';

const texts = (line: string) => tokenize(line).map(({ text }) => text);

describe('splitting a command into words', () => {
  it.each([
    ['blanks of all kinds', '  a \t b\u00a0c\n', ['a', 'b', 'c']],
    ['straight quotes', 'isolate "cell banking" x', ['isolate', 'cell banking', 'x']],
    ['quotes as phones write them', 'isolate “cell banking” x', ['isolate', 'cell banking', 'x']],
    ['quotes that do not match each other', 'a “b c" d', ['a', 'b c', 'd']],
    ['German and French quotes', '„a b“ «c d»', ['a b', 'c d']],
    ['an escaped quote and backslash', '"a \\" b \\\\"', ['a " b \\']],
    ['an apostrophe', "it’s ana's", ['it’s', "ana's"]],
    ['a quote inside a word', 'a"b c', ['a"b', 'c']],
    ['an empty word', '"" x', ['', 'x']],
    ['backticks and entities', '`x` <!channel>', ['`x`', '<!channel>']],
    ['nothing', '   ', []],
  ])('understands %s', (_, line, wanted) => expect(texts(line)).toEqual(wanted));

  it('says so when a quote is not closed', () => {
    expect(() => tokenize('isolate "cell')).toThrow(new OpsError('bad-input', 'A quotation mark is not closed.'));
  });

  it('does not look behind the words that are asked for', () => {
    expect(words('a "b').next().value?.text).toBe('a');
  });

  it('gives back what was quoted, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '“', '”', '«', '»', '„', ' ', 'a') }),
    );
    fc.assert(fc.property(fc.array(text), (given) => expect(texts(given.map(quote).join(' '))).toEqual(given)));
  });
});
