import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

const hour = 3_600_000;

function region() {
  const desk = createDesk();
  const { state } = desk.azure.regionServices;
  for (const [metric, value] of [
    ['Availability', 100],
    ['ServiceApiLatency', 21.4],
    ['ServiceApiResult', 1_200],
  ] as const)
    state.metrics.set(metric, value);
  const at = (hoursAgo: number) => new Date(desk.clock.clock.now() - hoursAgo * hour).toISOString();
  const job = (runbook: string, status: string, hoursAgo: number) => ({
    id: `/jobs/${runbook}-${hoursAgo}`,
    runbook,
    status,
    startedAt: at(hoursAgo),
    ...(status !== 'Running' && { endedAt: at(hoursAgo - 0.1) }),
  });
  state.jobs = [job('Rotate-Logs', 'Completed', 2), job('Rotate-Logs', 'Completed', 8)];
  return { desk, state, job, shown: () => desk.type('status region eastus') };
}

describe('the key vault of a region', () => {
  it('is shown with its last hour, and well when nobody was turned away', async () => {
    expect(await region().shown()).toContain(
      '✅ *Key Vault* kv-stamps-eastus — 100 % available, 1,200 requests, 21 ms in the last hour',
    );
  });

  it('says what went wrong, by the code, and what to look at', async () => {
    const { state, shown } = region();
    state.metrics.set('Availability', 99.996);
    state.metrics.set('ServiceApiResult StatusCode=403', 36);
    state.metrics.set('ServiceApiResult StatusCode=429', 12);
    expect(await shown()).toContain(
      [
        '⚠️ *Key Vault* kv-stamps-eastus — 99.99 % available, 1,200 requests, 21 ms in the last hour',
        '⚠️ 36 (3 %) refused (403): somebody’s rights on it, or its firewall',
        '⚠️ 12 (1 %) throttled (429): its clients should keep what they read, or use a second vault',
      ].join('\n'),
    );
    state.metrics.set('ServiceApiResult StatusCodeClass=5xx', 1);
    expect(await shown()).toContain('🔴 1 (0.0833 %) failed within the vault (5xx)');
  });

  it('never takes no figures for no requests, nor a failed reading for either', async () => {
    const { state, shown } = region();
    state.metrics.clear();
    expect(await shown()).toContain(
      '❔ *Key Vault* kv-stamps-eastus — no figures of the last hour: nobody asked it, or Azure is late with them',
    );
    state.failures.set('metrics', new OpsError('throttled', 'Azure had too many requests.'));
    const unread = await shown();
    expect(unread).toContain('❔ *Key Vault:* not readable just now');
    expect(unread).toContain('key vault of eastus: Azure had too many requests.');
    expect(unread).toContain('✅ *Automation*');
  });
});

describe('Automation of a region', () => {
  it('shows each runbook’s last job, and well when none failed', async () => {
    const { state, job, shown } = region();
    state.jobs.push(job('Export-CostReport', 'Running', 0.1));
    const text = await shown();
    expect(text).toContain('✅ *Automation* aa-stamps-eastus — 3 jobs in the last 24 hours, none failed');
    expect(text).toContain('▫️ Export-CostReport — running at');
    expect(text).toContain('✅ Rotate-Logs — completed at');
  });

  it('puts a runbook whose last job failed first, with why and since when', async () => {
    const { state, job, shown } = region();
    state.jobs.push(
      job('Sync-Secrets', 'Failed', 1),
      job('Sync-Secrets', 'Completed', 13),
      job('Sync-Secrets', 'Failed', 7),
    );
    state.exceptions.set('/jobs/Sync-Secrets-1', 'No right on <!channel> with AccountKey=abc123secret');
    const text = await shown();
    expect(text).toContain(
      '🔴 *Automation* aa-stamps-eastus — 5 jobs in the last 24 hours, 2 failed\n🔴 Sync-Secrets — failed at',
    );
    expect(text).toMatch(
      /; 2 of 3 failed; it last completed at .*: No right on &lt;!channel&gt; with AccountKey=\[redacted\]/,
    );
    state.failures.set('exception', new OpsError('unavailable', 'Azure is away.'));
    expect(await shown()).toContain('🔴 Sync-Secrets — failed at');
  });

  it('warns of a failure that the next job made good', async () => {
    const { state, job, shown } = region();
    state.jobs.push(job('Sync-Secrets', 'Failed', 7), job('Sync-Secrets', 'Completed', 1));
    const text = await shown();
    expect(text).toContain('⚠️ *Automation* aa-stamps-eastus — 4 jobs in the last 24 hours, 1 failed');
    expect(text).toContain('⚠️ Sync-Secrets — completed at');
  });

  it('says that nothing ran, and tells that from what could not be read', async () => {
    const { state, shown } = region();
    state.jobs = [];
    expect(await shown()).toContain('*Automation* aa-stamps-eastus — no job started in the last 24 hours');
    state.failures.set('jobs', new OpsError('not-allowed', 'Stamps may not read it.'));
    const text = await shown();
    expect(text).toContain('❔ *Automation:* not readable just now');
    expect(text).toContain('Automation of eastus: Stamps may not read it.');
  });
});

it('says what the estate file does not name, and where', async () => {
  const text = await createDesk().type('status region westus');
  expect(text).toContain('*Key Vault:* none is named in the estate file; name it as `keyVault` of the region');
  expect(text).toContain('*Automation:* no account is named in the estate file; name it as `automation` of the region');
  expect(text).not.toContain('Not known');
});

it('asks none of it for the estate or a cell', async () => {
  expect(await createDesk().type('status')).not.toContain('Key Vault');
  expect(await createDesk().type('status cell-banking')).not.toContain('Key Vault');
});

describe('API Management’s gateway of a region', () => {
  it('is shown with its calls, and that of no other region', async () => {
    const { desk, shown } = region();
    desk.azure.logRows.set('by Region', [
      { Region: 'East US', calls: 45_600, failed: 12, p95: 14.4 },
      { Region: 'West US', calls: 7, failed: 0, p95: 9 },
    ]);
    const card = await shown();
    expect(card).toContain(
      '*API Management* here, the last 15 minutes that have come\n✅ *East US* — reaches all that it needs; 45,600 calls, 12 with a 5xx, adds 14 ms (p95)',
    );
    expect(card).not.toContain('*West US*');
  });

  it('is told apart from one that is not there, and from what is not known', async () => {
    const { desk, shown } = region();
    const { state } = desk.azure.apim;
    state.service = {
      ...state.service,
      gateways: state.service.gateways.filter(({ location }) => location !== 'East US'),
    };
    expect(await shown()).toContain('*API Management* has no gateway here');
    state.failures.set('service', new OpsError('unavailable', 'Azure is away.'));
    const card = await shown();
    expect(card).toContain('❔ *API Management* here: not known');
    expect(card).toContain('• API Management: Azure is away.');
  });
});
