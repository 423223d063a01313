import { Easel } from '../../src/pictures/easel.ts';
import type { Panel } from '../../src/pictures/panels.ts';
import { readPng } from '../support/png.ts';

const board: Panel = { kind: 'tiles', board: { title: 'Indicators', subtitle: 'The estate', tiles: [] } };
/** Nobody's kind of panel: what an easel cannot draw. */
const nonsense = { kind: 'lines' } as unknown as Panel;

describe('an easel', () => {
  afterEach(() => jest.useRealTimers());

  it('draws each of several pictures that are asked for at once', async () => {
    const easel = new Easel();
    const [one, two] = await Promise.all([easel.draw([board]), easel.draw([board, board])]);
    expect(readPng(two).height).toBe(2 * readPng(one).height);
  });

  it('says that a picture cannot be drawn, and draws the next', async () => {
    const easel = new Easel();
    const bad = easel.draw([nonsense]);
    const good = easel.draw([board]);
    await expect(bad).rejects.toThrow(/undefined/);
    expect((await good).length).toBeGreaterThan(1_000);
  });

  it('lets its thread go when it has been idle for five seconds, and begins again with the next picture', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    const easel = new Easel();
    await easel.draw([board]);
    jest.advanceTimersByTime(4_999);
    expect(easel.isUp).toBe(true);
    jest.advanceTimersByTime(1);
    expect(easel.isUp).toBe(false);
    expect((await easel.draw([board])).length).toBeGreaterThan(1_000);
  });

  it('fails every picture that its thread leaves when that dies, and begins another', async () => {
    const mortal = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));`;
    const easel = new Easel(new URL(`data:text/javascript,${encodeURIComponent(mortal)}`));
    const lost = await Promise.allSettled([easel.draw([board]), easel.draw([board])]);
    expect(lost).toMatchObject(Array(2).fill({ reason: new Error('the thread that draws has ended') }));
    expect(easel.isUp).toBe(false);
    await expect(easel.draw([board])).rejects.toThrow('the thread that draws has ended');
  });
});
