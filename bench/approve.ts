import { incidents, openBenchWorld } from './bench-world.ts';

/** From the Approve click going out to the first write that arrives at Azure, in ms. */
export async function benchApprove(rounds: number): Promise<number[]> {
  const world = await openBenchWorld();
  const took: number[] = [];
  try {
    await world.startApp();
    for (let round = 0; round < rounds; round += 1) {
      for (const [text, title] of [
        [`isolate cell-banking for 4h because bench round ${round}`, 'Isolate cell-banking'],
        ['restore cell-banking because the bench goes on', 'Restore cell-banking'],
      ] as const) {
        let clicked = 0;
        let first = 0;
        world.azure.watchWrites((at) => {
          if (at === 'arrived' && first === 0) first = performance.now();
        });
        // The thread's last word; the card says the same, at its own pace.
        const done = () => world.messages().filter((message) => message.text.startsWith(`Done: ${title}`)).length;
        const doneBefore = done();
        await world.slack.as('U0ANA').command(incidents, text);
        await world.approve(title, 'U0BEN', () => {
          clicked = performance.now();
        });
        await world.until(() => done() > doneBefore, `Done: ${title}`);
        took.push(first - clicked);
      }
    }
  } finally {
    await world.close();
  }
  return took;
}
