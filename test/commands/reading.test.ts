import { readWithin } from '../../src/commands/reading.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

describe('reading within a deadline', () => {
  it('goes on without what is late, and names it', async () => {
    const time = createFakeClock();
    const reading = readWithin(time.clock, 5_000, async ({ attempt, troubles }) => {
      const [fast, never] = await Promise.all([
        attempt('fast', async () => 1),
        attempt('slow', () => new Promise<number>(() => undefined)),
      ]);
      return { fast, never, troubles: [...troubles] };
    });
    await time.pass(4_900);
    expect(time.sleeping()).toBe(1);
    await time.pass(500);
    expect(await reading).toEqual({ fast: 1, never: undefined, troubles: ['slow: no answer within 5s'] });
    expect(time.sleeping()).toBe(0);
  });

  it('gives the time again in which the process did not run', async () => {
    const time = createFakeClock();
    let answer: (is: string) => void = () => undefined;
    const reading = readWithin(time.clock, 5_000, async ({ attempt, troubles }) => {
      const found = await attempt('slow', () => new Promise<string>((resolve) => (answer = resolve)));
      return { found, troubles: [...troubles] };
    });
    await time.pass(4_900);
    time.advance(9_000);
    await time.pass(100);
    answer('there');
    expect(await reading).toEqual({ found: 'there', troubles: [] });
  });

  it('ends all the same where the process hardly runs at all, and says that it was not Azure', async () => {
    const time = createFakeClock();
    const reading = readWithin(time.clock, 5_000, async ({ attempt, troubles }) => {
      await attempt('slow', () => new Promise<never>(() => undefined));
      return [...troubles];
    });
    for (let looks = 0; looks < 15; looks += 1) {
      time.advance(1_000);
      await time.pass(50);
    }
    expect(await reading).toEqual([
      expect.stringMatching(/^slow: no answer within 1[56]s, in which Stamps itself hardly got to run$/),
    ]);
    expect(time.sleeping()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const time = createFakeClock();
    await readWithin(time.clock, 5_000, async () => undefined);
    expect(time.sleeping()).toBe(0);
  });

  it('does not show what a bug says', async () => {
    const troubles = await readWithin(createFakeClock().clock, 5_000, async (reading) => {
      await reading.attempt('pool', () => Promise.reject(new Error('secret=1')));
      return [...reading.troubles];
    });
    expect(troubles).toEqual(['pool: the reading failed']);
  });
});
