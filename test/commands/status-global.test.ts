import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

const row = (subscription: string, calls: number, tooMany = 0, failed = 0) => ({
  subscription,
  calls,
  failed,
  tooMany,
});

function global(rows: ReturnType<typeof row>[] = []) {
  const desk = createDesk();
  const { failures } = desk.azure.regionServices.state;
  desk.azure.logRows.set('by subscription', rows);
  return { desk, failures, shown: () => desk.type('status') };
}

describe('what stands before the regions', () => {
  it('has DNS, with where the public name leads', async () => {
    const { desk, shown } = global();
    expect(await shown()).toContain('✅ *DNS:* stamps.example.net leads to eastus.example.net, answered in 0 ms');
    for (const endpoint of desk.azure.disaster.endpoints.values()) endpoint.enabled = false;
    expect(await shown()).toContain('🔴 *DNS:* has no answer for stamps.example.net');
  });

  it('says of each part that could not be read that it is not known, and why', async () => {
    const { desk, failures, shown } = global();
    failures.set('metrics', new OpsError('throttled', 'Azure asks to wait.'));
    desk.azure.failures.set('logs', new OpsError('timeout', 'The logs did not answer in time.'));
    const card = await shown();
    expect(card).toContain('❔ *Front Door’s cache:* not known');
    expect(card).toContain('• Front Door’s cache: Azure asks to wait.');
    expect(card).toContain('❔ *API use by tenant:* not known');
    expect(card).toContain('• API use by tenant: The logs did not answer in time.');
    expect(card).toContain('✅ *cell-banking*');
  });
});

describe('everybody’s use of the API', () => {
  it('is told by tenant, the busiest first, with what was refused and what failed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { shown } = global([
      ...names.map((name, index) => row(`${name}-subscription`, 1_000 - index)),
      row('fabrikam-subscription', 50, 40, 1),
      row('', 10),
    ]);
    const card = await shown();
    expect(card).toContain(
      '*API use by tenant* in the last 15m, as far as the log has come: 7,039 calls of 9 tenants, ⚠️ 40 refused with a 429 (0.57 %), ⚠️ 1 failed with a 5xx (under 0.1 %)\n• a — 1,000 calls (14 %)\n• b — 999',
    );
    expect(card).toContain(
      '• fabrikam — 50 calls (0.71 %), ⚠️ 40 refused with a 429 (80 %), ⚠️ 1 failed with a 5xx (2 %)',
    );
    expect(card).toContain('… (3 more)');
    expect(card).not.toContain('• f — ');
  });

  it('is none where nobody called, and shows names as text', async () => {
    expect(await global().shown()).toContain('as far as the log has come: no calls');
    expect(await global([row('<!channel>', 3)]).shown()).toContain('• &lt;!channel&gt; — 3 calls (100 %)');
    expect(await global([row('', 3)]).shown()).toContain('• without a subscription — 3 calls');
  });

  it('is not asked for by a region or a cell', async () => {
    const { desk } = global([row('a', 1)]);
    for (const typed of ['status region eastus', 'status cell-banking'])
      expect(await desk.type(typed)).not.toContain('API use by tenant');
  });
});
