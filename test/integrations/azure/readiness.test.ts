import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { ReadinessPort } from '../../../src/ports/readiness.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const dr = '/subscriptions/00000000-0000-4000-8000-00000000cafe/resourceGroups/rg-stamps-dr/providers';

describe('what a region needs to take over, over the emulator', () => {
  let azure: RunningAzure;
  let readiness: ReadinessPort;
  let frontDoorId: string;

  beforeAll(async () => {
    azure = await startRunningAzure();
    const estate = parseEstate(azure.estateFile);
    frontDoorId = estate.frontDoorId;
    const tokens: Record<string, string> = {};
    const getToken = async (scopes: string | string[]) => {
      const audience = String(scopes).replace('/.default', '');
      tokens[audience] ??= await tokenFor(azure, audience);
      return { token: tokens[audience], expiresOnTimestamp: Date.now() + 3_600_000 };
    };
    readiness = createAzure({ estate, armUrl: azure.armUrl, credential: { getToken }, clock: systemClock }).readiness;
  });
  afterAll(() => azure.close());

  it('is the cores of an environment, and of one replica', async () => {
    // 7, 11 and 5 replicas of a core each run there.
    expect(await readiness.quota(`${dr}/Microsoft.App/containerApps/app-cell-banking-dr`, never)).toEqual({
      environment: 'cae-westus',
      coresPerReplica: 1,
      cores: { used: 23, limit: 100 },
    });
  });

  it('is the certificate of the gateway, whose end its key vault tells', async () => {
    const [shown, ...others] = await readiness.gatewayCertificates(
      `${dr}/Microsoft.Network/applicationGateways/agw-stamps`,
      never,
    );
    expect(others).toEqual([]);
    expect(shown?.name).toBe('gateway-stamps-example');
    expect(((shown?.expiresAt ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(90, 0);
  });

  it('is the certificate of Front Door', async () => {
    const [shown] = await readiness.frontDoorCertificates(frontDoorId, never);
    expect(shown?.name).toBe('www-stamps-example');
    expect(((shown?.expiresAt ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(150, 0);
  });
});
