import { type SlackTestEmulator, startSlackEmulator } from '../../../sandbox/slack/start-slack.ts';
import { createChat } from '../../../src/integrations/slack/create-chat.ts';
import type { ChatPort } from '../../../src/ports/chat.ts';
import { Secret } from '../../../src/secret.ts';

let slack: SlackTestEmulator;
let chat: ChatPort;
beforeEach(async () => {
  slack = await startSlackEmulator({ limits: false });
  chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
});
afterEach(() => slack.close());

describe('who somebody is', () => {
  it.each<[string, () => void]>([
    ['is late', () => slack.faults.answerLate('users.info', 1, 3_000)],
    ['is in trouble', () => slack.faults.failWith('users.info', 1, 503)],
    ['loses its answer', () => slack.faults.loseAnswers('users.info', 1)],
  ])('is asked once more when Slack %s', async (_, fault) => {
    fault();
    expect(await chat.person('U0ANA')).toMatchObject({ id: 'U0ANA', teamId: 'T0STAMPS' });
  });

  it('is asked twice, not more, and not again when Slack asks to wait', async () => {
    slack.faults.failWith('users.info', 3, 503);
    await expect(chat.person('U0ANA')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(chat.person('U0ANA')).resolves.toMatchObject({ id: 'U0ANA' });
    slack.faults.throttle('users.info', 1, 7);
    await expect(chat.person('U0ANA')).rejects.toMatchObject({ code: 'throttled' });
    expect(await chat.person('U0ANA')).toMatchObject({ id: 'U0ANA' });
  });
});
