import { never, profileId, type ScriptedAzure, startScriptedAzure } from './scripted-azure.ts';

describe('traffic', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  it('reads a profile and its endpoints', async () => {
    azure.tell({
      body: {
        id: profileId,
        properties: {
          trafficRoutingMethod: 'Priority',
          dnsConfig: { relativeName: 'stamps', ttl: 60 },
          monitorConfig: { profileMonitorStatus: 'Degraded' },
          endpoints: [
            {
              name: 'eastus',
              type: 'x',
              properties: {
                target: 'east.example',
                endpointStatus: 'Enabled',
                endpointMonitorStatus: 'Online',
                priority: 1,
                weight: 1,
              },
            },
            { name: 'westus', type: 'x', properties: { target: 'west.example', endpointStatus: 'Disabled' } },
          ],
        },
      },
    });
    await expect(azure.client().traffic.profile(profileId, never)).resolves.toEqual({
      routingMethod: 'Priority',
      ttlSeconds: 60,
      monitorStatus: 'Degraded',
      endpoints: [
        {
          id: `${profileId}/externalEndpoints/eastus`,
          name: 'eastus',
          target: 'east.example',
          enabled: true,
          monitorStatus: 'Online',
          priority: 1,
          weight: 1,
        },
        {
          id: `${profileId}/externalEndpoints/westus`,
          name: 'westus',
          target: 'west.example',
          enabled: false,
          monitorStatus: 'Unknown',
        },
      ],
    });
  });

  it.each([
    [{ status: 404, body: { error: { code: 'ResourceNotFound', message: 'It is not there.' } } }, 'not-found'],
    [{ body: { properties: {} } }, 'bad-response'],
    [{ body: '{' }, 'bad-response'],
  ])('tells that %j is %s', async (told, code) => {
    azure.tell(told);
    await expect(azure.client().traffic.profile(profileId, never)).rejects.toMatchObject({ code });
  });
});
