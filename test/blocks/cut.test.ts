import { cut, cutLines, cutList, cutPlain } from '../../src/blocks/cut.ts';
import { code, escapeHint, escapeText } from '../../src/blocks/escape-text.ts';
import { fc } from '../support/properties.ts';

describe('escaping', () => {
  it.each([
    ['a mention of everybody', '<!channel> now', '&lt;!channel&gt; now'],
    ['a person', '<@U0ANA>', '&lt;@U0ANA&gt;'],
    ['a link', '<https://evil.example|cell-banking>', '&lt;https://evil.example|cell-banking&gt;'],
    ['an ampersand', 'a & b &lt;', 'a &amp; b &amp;lt;'],
    ['a turned direction', 'cell-\u202Egniknab', 'cell-gniknab'],
    ['invisible marks', 'cell\u200B-\u2066x\u2069', 'cell-x'],
    ['line breaks that fake a line of ours', 'x\n*✅ Done*\u2028y', 'x *✅ Done* y'],
    ['a bell and a NUL', 'a\u0007b\0c', 'a b c'],
    ['a backtick', '`rm`', 'ˋrmˋ'],
    ['half a character', 'x\ud83d', 'x\ufffd'],
  ])('makes %s harmless', (_, hostile, safe) => expect(escapeText(hostile)).toBe(safe));

  it('keeps what can be typed as code, in a sentence of ours', () => {
    expect(escapeHint('Type `/stamps isolate <cell>` now, or <!here> `')).toBe(
      'Type `/stamps isolate &lt;cell&gt;` now, or &lt;!here&gt;',
    );
  });

  it('never leaves a code span empty', () => expect(code('')).toBe('`—`'));
});

describe('cutting', () => {
  it.each([
    ['an escape', 'aaaa&amp;b', 7, 'aaaa…'],
    ['an entity', 'aa <@U0ANA> b', 8, 'aa …'],
    ['a code span', 'aa `r-17` bb', 7, 'aa …'],
    ['a character of two units', 'aaa😀b', 5, 'aaa…'],
  ])('never cuts inside %s', (_, text, max, kept) => expect(cut(text, max)).toBe(kept));

  it('counts the lines that it leaves out', () => {
    expect(cutLines(['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'], 30)).toBe('aaaaaaaaaa\n… (2 more)');
    expect(cutList(['a', 'b', 'c', 'd'], 2)).toBe('a, b … (2 more)');
  });

  it('never passes the length, whatever the text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(text, fc.integer({ min: 12, max: 200 }), (hostile, max) => {
        expect(cut(escapeText(hostile), max).length).toBeLessThanOrEqual(max);
        expect(cutPlain(hostile, max).length).toBeLessThanOrEqual(max);
        expect(cutLines(hostile.split('a').map(escapeText), max).length).toBeLessThanOrEqual(max);
      }),
    );
  });
});
