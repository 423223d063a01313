import { OpsError } from '../../src/errors.ts';
import { drillRegion } from '../../src/playbooks/drill-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { createFakeWorld, type FakeWorld, pairedEstate } from '../support/playbook-world.ts';

const reason = 'the power is out in two zones';
const away = new OpsError('throttled', 'Azure had too many requests.', { service: 'Azure' });
const state = (world: FakeWorld) => world.azure.regionServices.state;

async function cosmosSays(arrange: (world: FakeWorld) => void): Promise<{ ok: boolean; says: string } | undefined> {
  const world = createFakeWorld(pairedEstate);
  arrange(world);
  const plan = await world.plan(failoverRegion, 'r-1', { from: 'eastus', to: 'westus', reason });
  return (await world.ask(plan))['cosmos-can-follow'];
}

describe('figures of what is in no region', () => {
  it.each([
    [
      'are told',
      (world: FakeWorld) => state(world).metrics.set('ReplicationLatency', 40),
      'Its copies were 40 ms behind',
    ],
    ['are not there, which is said', () => undefined, 'Azure has no figure of how far its copies are behind.'],
    [
      'cannot be read, which is another thing, and decides nothing',
      (world: FakeWorld) => state(world).failures.set('metrics', away),
      'How far its copies are behind could not be read: Azure had too many requests.',
    ],
  ])('of Cosmos %s', async (_, arrange, says) => {
    const answer = await cosmosSays((world) => void arrange(world));
    expect(answer).toMatchObject({ ok: true, says: expect.stringContaining(says) });
  });

  it('of Front Door decide over a drill, and are waited for where they cannot be read', async () => {
    const world = createFakeWorld(pairedEstate);
    const plan = await world.plan(drillRegion, 'r-1', { region: 'eastus', reason });
    const served = async () => (await world.ask(plan))['clients-are-served'];
    expect(await served()).toMatchObject({ ok: true, says: expect.stringContaining('no figures of this minute') });
    state(world).metrics.set('Percentage5XX', 7).set('TotalLatency', 80);
    expect(await served()).toMatchObject({ ok: false, says: '7.0 % of requests fail at Front Door; 1 % is the most.' });
    state(world).failures.set('metrics', new OpsError('not-found', 'There is no Front Door.'));
    expect(await served()).toMatchObject({ ok: true });
    state(world).failures.set('metrics', away);
    await expect(served()).rejects.toMatchObject({ code: 'throttled' });
  });
});
