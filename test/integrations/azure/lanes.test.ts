import { createLanes } from '../../../src/integrations/azure/lanes.ts';

describe('work in lanes', () => {
  it('never has more at once than there are lanes, and does all of it, in order', async () => {
    const inLane = createLanes(3);
    let busy = 0;
    let most = 0;
    const begun: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        inLane(async () => {
          begun.push(n);
          busy += 1;
          most = Math.max(most, busy);
          await new Promise(setImmediate);
          busy -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('gives a place back when the work fails', async () => {
    const inLane = createLanes(1);
    await expect(inLane(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(inLane(async () => 'yes')).resolves.toBe('yes');
  });
});
