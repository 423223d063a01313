import { cutOutside, outsideLine, outsideText } from '../../src/domain/outside-text.ts';

describe('text for another service', () => {
  it.each([
    ['card payments time out, CPU > 90 % & rising', 'card payments time out, CPU > 90 % & rising'],
    ['<b>down</b> <!channel> <https://evil.example|ok>', '‹b>down‹/b> ‹!channel> ‹https://evil.example|ok>'],
    ['x < 5 and R&D', 'x < 5 and R&D'],
    ['&lt;script&gt; &#60;b&#x3e;', '＆lt;script＆gt; ＆#60;b＆#x3e;'],
    ['[here](https://evil.example) ![x](y) [a][b]\n[b]: z', '[here] (https://evil.example) ![x] (y) [a] [b]\n[b] : z'],
    ['<\u200b!here>', '‹!here>'],
    ['first\r\nsecond\u2028third\u0007', 'first\nsecond\nthird'],
    ['x\ud83d', 'x\ufffd'],
    ['see https://wiki.example/42', 'see https://wiki.example/42'],
    ['Password=hunter2hunter2', 'Password=[redacted]'],
  ])('%j becomes %j', (text, shown) => {
    expect(outsideText(text)).toBe(shown);
  });

  it('is one line where only one is shown, and hides what it is told to', () => {
    expect(outsideLine(' a\n\nb our-own-secret ', ['our-own-secret'])).toBe('a b [redacted]');
  });

  it('is cut between characters', () => {
    expect(cutOutside('ab😀cd', 4)).toBe('ab…');
    expect(cutOutside('ab😀cd', 5)).toBe('ab😀…');
    expect(cutOutside('abcd', 4)).toBe('abcd');
  });
});
