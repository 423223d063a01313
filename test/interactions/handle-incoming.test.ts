import { OpsError } from '../../src/errors.ts';
import { createLeaver } from '../../src/interactions/handle-incoming.ts';
import type { Incoming } from '../../src/ports/incoming.ts';
import { createDesk, incidents } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

const command = (text: string, personId = ana): Incoming => ({
  key: 'key-1',
  personId,
  teamId: 'T0STAMPS',
  type: 'command',
  channel: incidents,
  text,
  responseUrl: 'https://hooks/1',
  triggerId: 't1',
});

describe('who may do nothing at all', () => {
  const barred = [
    ['U0GUS', 'Guests may not use Stamps'],
    ['U0STAN', 'members of its own workspace only'],
    ['U0ROB', 'Bots may not operate'],
    ['U0DEE', 'This account is deactivated'],
    ['U0WHO', 'Slack does not say who you are'],
  ] as const;
  const paths: [string, (desk: ReturnType<typeof createDesk>, who: string) => Promise<string>][] = [
    ['a command', (desk, who) => desk.type('isolate cell-banking because card payments time out', who)],
    ['a form by command', (desk, who) => desk.type('isolate', who)],
    ['a mistyped command', (desk, who) => desk.type('isolte', who)],
    ['help', (desk, who) => desk.type('help', who)],
    ['a button', (desk, who) => desk.press('run_approve', 'r-17:1a2b3c4d', who)],
    ['an unknown button', (desk, who) => desk.press('run_explode', '', who)],
    ['a button in App Home', (desk, who) => desk.pressAtHome('run_approve', 'r-17:1a2b3c4d', who)],
    ['a form', (desk, who) => desk.submit('isolate_submit', {}, '{}', who)],
    ['a mention', (desk, who) => desk.mention('approve', who)],
    ['a mistyped mention', (desk, who) => desk.mention('aprove', who)],
    ['App Home', (desk, who) => desk.openHome(who)],
  ];

  it.each(paths.flatMap(([path, act]) => barred.map(([who, sentence]) => [who, path, sentence, act] as const)))(
    '%s is refused on %s',
    async (who, _path, sentence, act) => {
      const desk = createDesk();
      const shown = await act(desk, who);
      expect(shown).toContain(sentence);
      expect(shown.split('\n')).toHaveLength(1);
      expect(desk.operations.calls).toEqual([]);
      expect(desk.chat.shown).toHaveLength(1);
    },
  );

  it('does nothing for anybody while Slack cannot say who they are', async () => {
    const desk = createDesk();
    desk.people.state.failure = new OpsError('unavailable', 'Slack is away.', { service: 'Slack' });
    expect(await desk.press('run_approve', 'r-17:1a2b3c4d')).toContain('Slack is away.');
    expect(desk.operations.calls).toEqual([]);
  });
});

describe('who is asking', () => {
  it.each([
    ['isolate cell-banking because card payments time out', true],
    ['cancel r-17', true],
    ['status', false],
    ['help', false],
  ])('is looked up once for “%s”, anew: %s', async (text, fresh) => {
    const desk = createDesk();
    await desk.type(text);
    expect(desk.people.asked).toEqual([{ personId: ana, fresh }]);
  });
});

describe('answers', () => {
  it('go to the person alone through the command’s own URL', async () => {
    const desk = createDesk();
    await desk.type('runs');
    expect(desk.chat.shown).toMatchObject([{ how: 'respond', url: 'https://hooks/1' }]);
  });

  it('go to their direct messages when their place does not take them', async () => {
    const desk = createDesk();
    desk.chat.failures.set('respond', new OpsError('expired', 'The URL has ended.'));
    await desk.type('runs');
    expect(desk.chat.shown).toMatchObject([{ how: 'post', place: { channel: `D${ana}` }, key: 'answer:key-1' }]);
  });

  it('are left for another try when Slack is away, and logged when it will never take them', async () => {
    const desk = createDesk();
    desk.chat.failures.set('respond', new OpsError('unavailable', 'Slack is away.'));
    desk.chat.failures.set('directChannel', new OpsError('unavailable', 'Slack is away.'));
    await expect(desk.handle(command('runs'))).rejects.toThrow('Slack is away.');
    desk.chat.failures.set('directChannel', new OpsError('not-allowed', 'The token lacks im:write.'));
    await desk.handle(command('runs'));
    expect(desk.log.lines.at(-1)).toMatchObject({ level: 'error', message: 'the answer did not reach the person' });
  });
});

describe('errors', () => {
  it('that are expected are told with their hint', async () => {
    const desk = createDesk();
    desk.operations.failures.set(
      'cancel',
      new OpsError('paused', 'Everything is paused.', { hint: 'Ask an operator.' }),
    );
    expect(await desk.type('cancel r-17')).toBe('⚠️ Everything is paused.\nAsk an operator.');
  });

  it('that are bugs are logged beside the reference that the person gets, and say nothing else', async () => {
    const desk = createDesk();
    desk.operations.failures.set('cancel', new TypeError('secret is undefined'));
    const shown = await desk.type('cancel r-17');
    const { level, fields } = desk.log.lines.at(-1) ?? {};
    expect(level).toBe('error');
    expect(fields).toMatchObject({ key: 'key-1', person: ana, err: expect.any(TypeError) });
    expect(shown).toContain(`\`${fields?.reference}\``);
    expect(shown).not.toContain('secret');
  });

  it.each([
    ['the database is away', new OpsError('unavailable', 'PostgreSQL is away.', { service: 'PostgreSQL' })],
    ['this replica was taken over', new OpsError('fenced', 'Another replica goes on.')],
  ])('are left for another try when %s', async (_, failure) => {
    const desk = createDesk();
    desk.operations.failures.set('cancel', failure);
    await expect(desk.handle(command('cancel r-17'))).rejects.toBe(failure);
    expect(desk.chat.shown).toEqual([]);
  });

  it.each([
    ['too late', 'so it was not done'],
    ['too many tries', 'did not come to its end'],
  ] as const)('of what is left because it is %s are told, and nothing is done', async (why, says) => {
    const desk = createDesk();
    await createLeaver(desk.deps)(command('cancel r-17'), why);
    expect(JSON.stringify(desk.chat.shown)).toContain(says);
    expect(desk.operations.calls).toEqual([]);
  });
});
