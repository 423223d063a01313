import { type Mrkdwn, parseMrkdwn } from '../../../../sandbox/web/text/mrkdwn.ts';
import { fc } from '../../../support/properties.ts';

const text = (words: string): Mrkdwn => ({ is: 'text', text: words });
const bold = (words: string): Mrkdwn => ({ is: 'bold', children: [text(words)] });

describe('mrkdwn', () => {
  it.each<[string, string, Mrkdwn[]]>([
    ['plain words', 'all is well', [text('all is well')]],
    ['bold', 'a *bold* word', [text('a '), bold('bold'), text(' word')]],
    ['bold beside punctuation', '(*bold*).', [text('('), bold('bold'), text(').')]],
    ['no bold inside a word', 'a*b*c', [text('a*b*c')]],
    ['no bold over spaces', '2 * 3 * 4', [text('2 * 3 * 4')]],
    ['no bold over lines', '*a\nb*', [text('*a'), { is: 'break' }, text('b*')]],
    ['names with underscores', 'app_cell_banking_v2', [text('app_cell_banking_v2')]],
    ['italic in bold', '*_both_*', [{ is: 'bold', children: [{ is: 'italic', children: [text('both')] }] }]],
    ['strike', '~gone~', [{ is: 'strike', children: [text('gone')] }]],
    ['code keeps its marks', '`*a* &lt;b&gt;`', [{ is: 'code', text: '*a* <b>' }]],
    [
      'emphasis around code with a mark in it',
      '*a `*` b*',
      [{ is: 'bold', children: [text('a '), { is: 'code', text: '*' }, text(' b')] }],
    ],
    ['a fenced block', 'see\n```\na *b*\n```\nend', [text('see'), { is: 'pre', text: 'a *b*' }, text('end')]],
    ['a fence that never closes', '``` a', [text('``` a')]],
    [
      'a quote',
      '> one\n&gt; two\nthree',
      [{ is: 'quote', children: [text('one'), { is: 'break' }, text('two')] }, text('three')],
    ],
    ['escapes', '&lt;!channel&gt; &amp;amp;', [text('<!channel> &amp;')]],
    [
      'a link with a label',
      '<https://a.example/x?y=1&amp;z=2|the page>',
      [{ is: 'link', url: 'https://a.example/x?y=1&z=2', label: 'the page' }],
    ],
    ['a bare link', '<https://a.example>', [{ is: 'link', url: 'https://a.example', label: 'https://a.example' }]],
    ['a mention', '<@U1>', [{ is: 'user', id: 'U1', label: undefined }]],
    ['a channel', '<#C1|general>', [{ is: 'channel', id: 'C1', label: 'general' }]],
    ['a user group', '<!subteam^S1|@sre>', [{ is: 'group', id: 'S1', label: '@sre' }]],
    ['a broadcast', '<!here>', [{ is: 'broadcast', name: 'here' }]],
    [
      'a date',
      '<!date^1700000000^{date_short} {time}|fallback>',
      [{ is: 'date', unix: 1_700_000_000, format: '{date_short} {time}', fallback: 'fallback' }],
    ],
    [
      'a date with a link',
      '<!date^1^{time}^https://a.example/|x>',
      [{ is: 'date', unix: 1, format: '{time}', fallback: 'x', link: 'https://a.example/' }],
    ],
    ['emoji', ':x: 10:30:15', [{ is: 'emoji', name: 'x' }, text(' 10'), { is: 'emoji', name: '30' }, text('15')]],
  ])('reads %s', (_, source, pieces) => {
    expect(parseMrkdwn(source)).toEqual(pieces);
  });

  it('loses no letter of text without marks', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .,()-]{0,200}$/), (source) => {
        expect(parseMrkdwn(source)).toEqual(source === '' ? [] : [text(source)]);
      }),
    );
  });

  it('reads anything without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'*_~`<>@!#|^:&;ab \n'), maxLength: 300 }), (source) => {
        expect(Array.isArray(parseMrkdwn(source))).toBe(true);
      }),
    );
  });

  it('reads 40,000 marks in well under a second', () => {
    const before = performance.now();
    for (const mark of ['*', '*a ', '`', '<', '_a*', '~ ']) parseMrkdwn(mark.repeat(40_000 / mark.length));
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
