import { Operations } from '../../../sandbox/azure/operations.ts';

describe('Operations', () => {
  it('ends what is due, in its order, once', () => {
    const operations = new Operations();
    const ended: string[] = [];
    const start = (name: string, takesMs: number, fails = false) =>
      operations.start({ takesMs, fails, onEnd: (succeeded) => ended.push(`${name} ${succeeded}`) }, 0);
    start('slow', 30);
    const quick = start('quick', 10, true);
    start('later', 50);
    operations.settle(9);
    expect(ended).toEqual([]);
    operations.settle(40);
    operations.settle(40);
    expect(ended).toEqual(['quick false', 'slow true']);
    expect(operations.find(quick.id.toUpperCase())?.status).toBe('Failed');
  });

  it('keeps the result, and in the end forgets it', () => {
    const operations = new Operations();
    const first = operations.start({ takesMs: 0, onEnd: () => 'found' }, 0);
    operations.settle(0);
    expect(operations.find(first.id)).toMatchObject({ status: 'Succeeded', result: 'found' });
    for (let count = 0; count < 500; count += 1) operations.start({ takesMs: 0, onEnd: () => undefined }, 0);
    operations.settle(0);
    expect(operations.find(first.id)).toBeUndefined();
  });

  it('never ends what hangs', () => {
    const operations = new Operations();
    let hangs = true;
    const stuck = operations.start({ takesMs: 0, hangs: () => hangs, onEnd: () => undefined }, 0);
    operations.settle(Number.MAX_SAFE_INTEGER);
    expect(operations.find(stuck.id)?.status).toBe('InProgress');
    hangs = false;
    operations.settle(0);
    expect(operations.find(stuck.id)?.status).toBe('Succeeded');
  });
});
