import type { SlackChannel, SlackMessage } from '../../../../sandbox/slack/contract.ts';
import { goesOn, topicsOf } from '../../../../sandbox/web/workspace/timeline.ts';

const message = (ts: string, more: Partial<SlackMessage> = {}): SlackMessage => ({
  ts,
  userId: 'U1',
  text: ts,
  ...more,
});
const channel = (...messages: SlackMessage[]): SlackChannel => ({ id: 'C1', name: 'c', members: ['U1'], messages });

describe('a timeline', () => {
  it('puts replies under their first message', () => {
    const topics = topicsOf(
      channel(message('1'), message('2', { threadTs: '1' }), message('3', { threadTs: '3' })),
      'U1',
    );
    expect(topics.map(({ message, replies }) => [message.ts, replies.map(({ ts }) => ts)])).toEqual([
      ['1', ['2']],
      ['3', []],
    ]);
  });

  it('shows an ephemeral message to its one person only', () => {
    const here = channel(message('1', { ephemeralTo: 'U2' }), message('2', { ephemeralTo: 'U2', threadTs: '1' }));
    expect(topicsOf(here, 'U1')).toEqual([]);
    expect(topicsOf(here, 'U2')).toHaveLength(1);
  });

  it.each([
    ['soon after', message('100'), true],
    ['after six minutes', message('460'), false],
    ['by somebody else', message('100', { userId: 'U2' }), false],
    ['for one person only', message('100', { ephemeralTo: 'U1' }), false],
  ])('repeats no name for a message %s: %#', (_, next, expected) => {
    expect(goesOn(message('90'), next)).toBe(expected);
  });
});
