import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import type { AzureEmulator } from '../../../sandbox/azure/contract.ts';
import { startAzureEmulator } from '../../../sandbox/azure/start-azure.ts';
import { backendPoolId, type Cell, cellByName, type Estate } from '../../../src/domain/estate.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import type { AzurePorts, PoolState, SuppressionState } from '../../../src/ports/azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { OperationStatus } from '../../../src/ports/resource-kind.ts';
import { trustedCertificate } from '../../support/trusted-certificate.ts';
import { readContract } from './read-contract.ts';
import { never } from './scripted-azure.ts';

const options = { signal: never, runId: 'run-1' };
const fallback: PoolState = { addresses: ['10.9.0.4', 'maintenance.stamps.example'] };

/** Asks again until the answer is as wanted, for five seconds at most. */
async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const endsAt = Date.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > endsAt) return answer;
    await systemClock.sleep(20);
  }
}

/**
 * Tokens of the emulator's managed identity. The real credential finds the identity once for a process and stays with
 * it, so that it can meet one emulator only: one test uses it.
 */
function identityOf({ env }: AzureEmulator): TokenCredential {
  const answer = z.object({ access_token: z.string(), expires_on: z.coerce.number() });
  return {
    async getToken(scopes) {
      const url = new URL(env.IDENTITY_ENDPOINT ?? '');
      url.searchParams.set('api-version', '2019-08-01');
      url.searchParams.set('resource', String([scopes].flat()[0]).replace(/\/\.default$/, ''));
      const response = await fetch(url, { headers: { 'X-IDENTITY-HEADER': env.IDENTITY_HEADER ?? '' } });
      const { access_token: token, expires_on } = answer.parse(await response.json());
      return { token, expiresOnTimestamp: expires_on * 1000 };
    },
  };
}

describe('the Azure clients and the emulator', () => {
  let azure: AzureEmulator;
  let estate: Estate;
  let cell: Cell;
  let pool: { kind: string; id: string };
  let ports: AzurePorts;

  const client = (deadlineMs = 5_000): AzurePorts =>
    createAzure({ estate, armUrl: azure.armUrl, deadlineMs, clock: systemClock, credential: identityOf(azure) });
  const writes = () => azure.accepted.filter(({ method }) => method === 'PUT');

  beforeEach(async () => {
    azure = await startAzureEmulator({ certificate: trustedCertificate() });
    azure.faults.gatewayDelay(50);
    estate = parseEstate(azure.estateFile);
    cell = cellByName(estate, 'cell-banking');
    pool = { kind: 'gateway-pool', id: backendPoolId(cell) };
    ports = client();
  });
  afterEach(() => azure.close());

  const finished = (of: AzurePorts, operation = '') =>
    eventually<OperationStatus | undefined>(
      async () => of.gateways.poll?.(operation, never),
      (status) => status?.state !== 'running',
    );

  it('keeps what every account keeps, for the identity that the environment names', async () => {
    const surroundings = { ...process.env };
    Object.assign(process.env, azure.env);
    try {
      await readContract(createAzure({ estate, armUrl: azure.armUrl, clock: systemClock }), estate);
    } finally {
      process.env = surroundings;
    }
  });

  describe('a gateway pool', () => {
    it('is changed, followed by another client, has its effect, and is put back exactly', async () => {
      const untouched = azure.configuration();
      const before = await ports.gateways.read(pool, never);
      const { operation } = await ports.gateways.write(pool, fallback, { ...options, etag: before.etag });
      await expect(finished(client(), operation)).resolves.toEqual({ state: 'succeeded' });

      const after = await ports.gateways.read(pool, never);
      expect(ports.gateways.equals(after.state, fallback)).toBe(true);
      expect(after).toMatchObject({ busy: false });
      expect(after.etag).not.toBe(before.etag);
      await expect(ports.gateways.pending?.(pool, fallback, never)).resolves.toBeNull();

      const back = await ports.gateways.write(pool, before.state, { ...options, etag: after.etag });
      await finished(ports, back.operation);
      expect(azure.configuration()).toEqual(untouched);
      expect(writes()).toHaveLength(2);
    });

    it('is not written over a change made meanwhile', async () => {
      const { etag } = await ports.gateways.read(pool, never);
      azure.faults.setPool(cell.name, ['10.0.0.99']);
      await expect(ports.gateways.write(pool, fallback, { ...options, etag })).rejects.toMatchObject({
        code: 'precondition-failed',
      });
      expect(writes()).toEqual([]);
    });

    it('tells that the gateway is busy', async () => {
      azure.faults.gatewayDelay(2_000);
      await ports.gateways.write(pool, fallback, options);
      await expect(ports.gateways.read(pool, never)).resolves.toMatchObject({ busy: true });
      await expect(ports.gateways.write(pool, fallback, options)).rejects.toMatchObject({ code: 'conflict' });
      expect(writes()).toHaveLength(1);
    });

    it('says for how long Azure wants to be left alone', async () => {
      azure.faults.throttle(1, 7, true);
      await expect(ports.gateways.write(pool, fallback, options)).rejects.toMatchObject({
        code: 'throttled',
        retryAfterMs: 7_000,
      });
      expect(writes()).toEqual([]);
    });

    it('is written once when the answer is lost, and what is there tells', async () => {
      azure.faults.loseAnswers(1);
      await expect(ports.gateways.write(pool, fallback, options)).rejects.toMatchObject({ transient: true });
      const reading = await eventually(
        () => ports.gateways.read(pool, never),
        ({ busy }) => !busy,
      );
      expect(ports.gateways.equals(reading.state, fallback)).toBe(true);
      expect(writes()).toHaveLength(1);
    });

    it('tells that Azure gave up', async () => {
      azure.faults.failOperation();
      const { operation } = await ports.gateways.write(pool, fallback, options);
      await expect(finished(ports, operation)).resolves.toMatchObject({ state: 'failed' });
    });

    it('goes on for as long as Azure does', async () => {
      azure.faults.gatewayHangs(true);
      const { operation = '' } = await ports.gateways.write(pool, fallback, options);
      await expect(ports.gateways.poll?.(operation, never)).resolves.toMatchObject({ state: 'running' });
      await expect(ports.gateways.read(pool, never)).resolves.toMatchObject({ busy: true });
    });

    it('lacks its effect while its backend is down', async () => {
      const { state } = await ports.gateways.read(pool, never);
      azure.faults.failCell(cell.name);
      await expect(ports.gateways.pending?.(pool, state, never)).resolves.toContain('is Down');
      azure.faults.healCell(cell.name);
      await expect(ports.gateways.pending?.(pool, state, never)).resolves.toBeNull();
    });

    it.each([
      [403, 'AuthorizationFailed', 'not-allowed'],
      [409, 'AnotherOperationInProgress', 'conflict'],
      [500, 'InternalServerError', 'unavailable'],
    ])('tells a refusal with %d %s', async (status, code, ours) => {
      azure.faults.refuseWrites(1, status, code);
      await expect(ports.gateways.write(pool, fallback, options)).rejects.toMatchObject({ code: ours });
    });
  });

  it('gives up at the deadline', async () => {
    azure.faults.latency(2_000);
    await expect(client(200).gateways.read(pool, never)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('reads again after it was throttled for a moment', async () => {
    azure.faults.throttle(1, 0);
    await expect(ports.gateways.read(pool, never)).resolves.toMatchObject({ busy: false });
  });

  it('counts the tenants of all cells, over both partitions of the registry', async () => {
    const counts = await ports.tenants.counts(never);
    const banking = counts.filter((one) => one.cell === 'cell-banking');
    expect(banking).toContainEqual({
      cell: 'cell-banking',
      tier: 'enterprise',
      sla: '99.99',
      status: 'active',
      count: 2,
    });
    expect(banking).toContainEqual({
      cell: 'cell-banking',
      tier: 'startup',
      sla: 'none',
      status: 'suspended',
      count: 1,
    });
    expect(counts.reduce((all, { count }) => all + count, 0)).toBe(24);
    // Alike in all is one count, though its tenants are in several partitions.
    const keys = counts.map(({ count: _, ...alike }) => JSON.stringify(alike));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('stops a revision, and starts it again', async () => {
    const [revision] = await ports.containerApps.revisions(cell.containerAppId, never);
    const ref = { kind: 'container-app-revision', id: revision?.id ?? '' };
    for (const active of [false, true]) {
      await expect(ports.containerApps.write(ref, { active }, options)).resolves.toEqual({});
      await expect(ports.containerApps.read(ref, never)).resolves.toMatchObject({ state: { active } });
      const lacks = await eventually(
        async () => ports.containerApps.pending?.(ref, { active }, never),
        (lack) => lack === null,
      );
      expect(lacks).toBeNull();
    }
    await expect(ports.containerApps.read({ ...ref, id: `${ref.id}0` }, never)).resolves.toEqual({ state: null });
  });

  it('silences an alert, and lifts the silence', async () => {
    const untouched = azure.configuration();
    const ref = { kind: 'alert-suppression', id: cell.suppressionId };
    const silence: SuppressionState = {
      alertRuleId: cell.healthAlertId,
      scopes: [cell.containerAppId],
      until: new Date(Date.now() + 3_600_000).toISOString(),
      description: 'Stamps run-1: cell-banking is isolated',
    };
    await expect(ports.suppressions.read(ref, never)).resolves.toEqual({ state: null });
    await ports.suppressions.write(ref, silence, options);
    const { state } = await ports.suppressions.read(ref, never);
    expect(ports.suppressions.equals(state, silence)).toBe(true);
    const shown = azure
      .snapshot()
      .regions.flatMap(({ cells }) => cells)
      .find(({ name }) => name === cell.name);
    expect(shown?.silencedUntil).toBe(`${silence.until.slice(0, 19)}Z`);
    await ports.suppressions.write(ref, null, options);
    expect(azure.configuration()).toEqual(untouched);
  });
});
