import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(120_000);

const why = 'because card payments time out';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const type = (person: string, text: string) => world.slack.as(person).command(incidents, text);
const servedBy = (name: string) => world.cell(name)?.servedBy;

describe('break-glass', () => {
  it('goes on without an approver, pages, and is owed a review, again and again, that only somebody else can make', async () => {
    const run = await world.ask('U0ANA', `isolate cell-banking for 4h ${why}`);
    await type('U0BEN', `break-glass ${run.runId} nobody else is awake and payments are down`);
    await world.sees('You may not use', { to: 'U0BEN' });
    await type('U0ANA', `break-glass ${run.runId} x`);
    await world.sees('The reason is too short', { to: 'U0ANA' });
    expect(world.azure.accepted).toEqual([]);

    await type('U0ANA', `break-glass ${run.runId} nobody else is awake and payments are down`);
    await world.sees('goes ahead without approval', { to: 'U0ANA' });
    await world.sees('Done: Isolate cell-banking');
    expect(servedBy('cell-banking')).toEqual(['cell-banking-dr']);
    await world.until(
      () => world.pager.incidents.some(({ summary }) => summary.startsWith('Break-glass by Ana')),
      'a page',
    );

    // Every four hours, as the policy file says.
    await world.brokenEarlier(run.runId, 4 * 3_600_000);
    await world.sees(`The break-glass of ${run.runId} still has no review (reminder 1)`);
    await world.press('U0ANA', run.ts, 'review_done');
    await world.sees('The review is for somebody else', { to: 'U0ANA' });
    await world.press('U0BEN', run.ts, 'review_done');
    await world.sees('Break-glass reviewed by <@U0BEN>');
  });
});

describe('pause', () => {
  it('holds a run before its next write, starts none, and resume lets both go on', async () => {
    await type('U0BEN', 'pause Azure has an incident in eastus');
    await world.sees('You may not use', { to: 'U0BEN' });

    const restore = await world.ask('U0ANA', `restore cell-banking ${why}`);
    world.azure.faults.gatewayHangs(true);
    const before = world.azure.accepted.length;
    await world.press('U0BEN', restore.ts, 'run_approve');
    await world.until(
      () => world.azure.accepted.slice(before).some(({ path }) => path.includes('applicationGateways')),
      'a write that the gateway works on',
    );
    await type('U0DANA', 'pause Azure has an incident in eastus');
    await world.sees('Everything is paused', { to: 'U0DANA' });
    const whenPaused = world.azure.accepted.length;

    const other = await world.ask('U0ANA', `isolate cell-retail for 4h ${why}`);
    await world.press('U0BEN', other.ts, 'run_approve');
    await world.press('U0DANA', other.ts, 'run_approve');
    await world.until(async () => (await world.state(other.runId)) === 'queued', 'a run that waits for the resume');
    world.azure.faults.gatewayHangs(false);
    await world.until(() => servedBy('cell-banking')?.[0] === 'cell-banking', 'the gateway has done what it had begun');
    expect(world.azure.accepted).toHaveLength(whenPaused);
    expect(await world.state(restore.runId)).toBe('running');
    expect(await world.state(other.runId)).toBe('queued');

    await type('U0ANA', 'resume');
    await world.sees('Done: Restore cell-banking');
    await world.sees('Done: Isolate cell-retail');
    expect(servedBy('cell-retail')).toEqual(['cell-retail-dr']);
  });
});

describe('the audit log', () => {
  it('comes as a file to an operator alone, and is checked offline down to the last byte', async () => {
    await type('U0BEN', 'audit export');
    await world.sees('You may not use', { to: 'U0BEN' });
    await type('U0DANA', 'audit export');
    await world.sees('The audit log is in your direct messages', { to: 'U0DANA' });

    const everywhere = world.slack
      .snapshot()
      .channels.flatMap((channel) =>
        channel.messages.flatMap(({ files = [] }) => files.map((file) => ({ ...file, channel: channel.id }))),
      );
    const logs = everywhere.filter(({ name }) => /^audit-.*\.jsonl$/.test(name));
    expect(logs).toHaveLength(1);
    const [log] = logs;
    expect(log?.channel).toMatch(/^D/);
    const text = log?.text ?? '';
    const kinds = [...text.matchAll(/"kind":"([a-z-]+)"/g)].map(([, kind]) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['break-glass', 'break-glass-reviewed', 'paused', 'resumed']));

    const folder = await mkdtemp(join(tmpdir(), 'stamps-audit-'));
    const file = join(folder, 'audit.jsonl');
    const verified = async (content: string) => {
      await writeFile(file, content);
      return spawnSync(process.execPath, ['scripts/audit.ts', 'verify', file], { encoding: 'utf8' }).status;
    };
    try {
      expect(await verified(text)).toBe(0);
      expect(await verified(text.replace('nobody else is awake', 'somebody else is awake'))).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
