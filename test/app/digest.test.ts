import type { SlackMessage } from '../../sandbox/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);
const operations = 'C0OPERATIONS';

describe('a report that somebody asks for', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());
  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];

  it('stands in the channel with its picture, and its details in the thread', async () => {
    await world.slack.as('U0ANA').command(operations, 'digest');
    const first = () => messages().find((message) => wordsOf(message).includes('Daily digest'));
    await world.until(() => messages().filter(({ threadTs }) => threadTs === first()?.ts).length >= 3, 'a thread');
    const picture = (
      (first()?.blocks ?? []) as { type: string; alt_text?: string; slack_file?: { id: string } }[]
    ).find(({ type }) => type === 'image');
    expect(picture?.alt_text).toContain('Indicators. The estate');
    expect(world.slack.file(picture?.slack_file?.id ?? '')?.type).toBe('image/png');
    expect(messages().filter((message) => wordsOf(message).includes('Daily digest'))).toHaveLength(1);
  });
});
