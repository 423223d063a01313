import { createDesk, requestOf } from '../support/fakes/desk.ts';
import { ana, ben, sampleLease } from '../support/sample-run.ts';

describe('failover', () => {
  it.each([
    [
      'failover eastus to westus because the power is out there',
      { from: 'eastus', to: 'westus', reason: 'the power is out there' },
    ],
    ['failover EASTUS TO westus', { from: 'eastus', to: 'westus' }],
    [
      'failover eastus to westus accepting loss for 8h because the region is lost',
      { from: 'eastus', to: 'westus', acceptLoss: true, for: '8h', reason: 'the region is lost' },
    ],
    [
      'failover eastus for 8h accepting loss to westus because the region is lost',
      { from: 'eastus', to: 'westus', acceptLoss: true, for: '8h', reason: 'the region is lost' },
    ],
  ])('asks for what “%s” says', async (text, input) => {
    const desk = createDesk();
    await desk.type(text);
    expect(desk.operations.calls).toEqual([requestOf('failover-region', input)]);
  });

  it.each([
    ['failover', 'from which region to which'],
    ['failover eastus westus', 'from which region to which'],
    ['failover eastus to westus accepting los', '“los” is not understood'],
    ['failover eastus to westus for never', 'duration'],
    ['failover eastus to westsu', 'Did you mean westus'],
    ['failover cell-banking to westus', 'There is no region'],
  ])('asks for nothing when “%s” makes no sense', async (text, says) => {
    const desk = createDesk();
    expect(await desk.type(text)).toContain(says);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('is not for everybody', async () => {
    const desk = createDesk();
    expect(await desk.type('failover eastus to westus because I would like to', ben)).toContain('may not');
    expect(desk.operations.acts()).toEqual([]);
  });
});

describe('failback', () => {
  it('asks for the region', async () => {
    const desk = createDesk();
    await desk.type('failback eastus because the power is back');
    expect(desk.operations.calls).toEqual([
      requestOf('failback-region', { region: 'eastus', reason: 'the power is back' }),
    ]);
  });

  it('is what the button of a region’s lease asks for', async () => {
    const desk = createDesk();
    desk.operations.leases.push({ ...sampleLease, subject: 'eastus', of: 'region' });
    await desk.press('lease_restore', 'eastus', ana);
    expect(desk.operations.calls.at(-1)).toEqual(requestOf('failback-region', { region: 'eastus' }));
  });

  it('wants one region', async () => {
    expect(await createDesk().type('failback')).toContain('Which region');
  });
});
