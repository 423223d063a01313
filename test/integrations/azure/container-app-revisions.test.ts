import { appId, never, revisionId, type ScriptedAzure, startScriptedAzure, type Told } from './scripted-azure.ts';

const ref = { kind: 'container-app-revision', id: revisionId };
const notFound = { status: 404, body: { error: { code: 'RevisionNotFound', message: 'It is not there.' } } };

function revision(properties: object, name = 'app-cell-a--one') {
  return { id: `${appId}/revisions/${name}`, name, type: 'Microsoft.App/containerapps/revisions', properties };
}

describe('container app revisions', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const tell = (...answers: Told[]) => azure.tell(...answers);
  const client = () => azure.client().containerApps;

  it.each<[object, object]>([
    [
      { active: true, provisioningState: 'Provisioned' },
      { state: { active: true }, busy: false },
    ],
    [
      { active: false, provisioningState: 'Deprovisioned' },
      { state: { active: false }, busy: false },
    ],
    [
      { active: false, provisioningState: 'Deprovisioning' },
      { state: { active: false }, busy: true },
    ],
    [
      { active: true, provisioningState: 'Provisioning' },
      { state: { active: true }, busy: true },
    ],
    [
      { active: true, provisioningState: 'Failed' },
      { state: { active: true }, busy: false },
    ],
  ])('reads %j', async (properties, reading) => {
    tell({ body: revision(properties) });
    await expect(client().read(ref, never)).resolves.toEqual(reading);
    expect(azure.asked[0]).toMatchObject({ method: 'GET', path: revisionId });
  });

  it('tells that a revision is not there', async () => {
    tell(notFound);
    await expect(client().read(ref, never)).resolves.toEqual({ state: null });
    await expect(client().pending?.(ref, { active: true }, never)).resolves.toBe('the revision is gone');
  });

  it.each([
    [true, 'activate'],
    [false, 'deactivate'],
  ])('writes active: %s by asking to %s', async (active, action) => {
    tell({});
    await expect(client().write(ref, { active }, { signal: never, runId: 'r' })).resolves.toEqual({});
    expect(azure.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST ${revisionId}/${action}`]);
  });

  it('never removes a revision', async () => {
    tell({});
    await expect(client().write(ref, null, { signal: never, runId: 'r' })).rejects.toMatchObject({ code: 'refused' });
    expect(azure.asked).toEqual([]);
  });

  it.each<[Told, string]>([
    [{ status: 409, body: { error: { code: 'ContainerAppOperationInProgress', message: 'Wait.' } } }, 'conflict'],
    [{ status: 429, headers: { 'retry-after': '4' } }, 'throttled'],
    [{ status: 500 }, 'unavailable'],
    [{ answer: 'lost' }, 'unavailable'],
    [notFound, 'not-found'],
  ])('sends a write once, whatever the answer: %j', async (told, code) => {
    tell(told);
    await expect(client().write(ref, { active: false }, { signal: never, runId: 'r' })).rejects.toMatchObject({ code });
    expect(azure.asked).toHaveLength(1);
  });

  it.each<[object, boolean, string | null]>([
    [{ runningState: 'Running', replicas: 2, healthState: 'Healthy' }, true, null],
    [{ runningState: 'RunningAtMaxScale', replicas: 9, healthState: 'None' }, true, null],
    [{ runningState: 'Running', replicas: 0, healthState: 'Healthy' }, true, 'it has no replica yet (Running)'],
    [{ runningState: 'Processing', replicas: 1 }, true, 'it is Processing, not Running'],
    [{ runningState: 'Running', replicas: 1, healthState: 'Unhealthy' }, true, 'its replicas are not healthy yet'],
    [{ runningState: 'ScaledToZero', replicas: 0, template: { scale: { minReplicas: 0 } } }, true, null],
    [{ replicas: 3 }, false, '3 replicas are still there'],
    [{ replicas: 1 }, false, '1 replica is still there'],
    [{ replicas: 0 }, false, null],
    [{}, false, null],
  ])('finds %j wanted active: %s to lack %s', async (properties, active, lacks) => {
    tell({ body: revision({ active, ...properties }) });
    await expect(client().pending?.(ref, { active }, never)).resolves.toBe(lacks);
  });

  it('reads an app, with Azure’s defaults where it says nothing', async () => {
    tell({
      body: {
        id: appId,
        name: 'app-cell-a',
        properties: {
          provisioningState: 'Succeeded',
          configuration: { ingress: { fqdn: 'a.example' } },
          template: { scale: { minReplicas: 2, maxReplicas: 20 } },
        },
      },
    });
    await expect(client().app(appId, never)).resolves.toEqual({
      id: appId,
      fqdn: 'a.example',
      provisioningState: 'Succeeded',
      minReplicas: 2,
      maxReplicas: 20,
      latestRevision: '',
      latestReadyRevision: '',
      followsLatest: true,
    });
    tell({ body: { id: appId, properties: { provisioningState: 'InProgress', configuration: {} } } });
    await expect(client().app(appId, never)).resolves.toEqual({
      id: appId,
      fqdn: '',
      provisioningState: 'InProgress',
      minReplicas: 0,
      maxReplicas: 10,
      latestRevision: '',
      latestReadyRevision: '',
      followsLatest: true,
    });
  });

  it('lists all pages of revisions, newest first, in our words', async () => {
    const old = revision(
      {
        active: false,
        createdTime: '2026-01-01T00:00:00Z',
        replicas: 0,
        trafficWeight: 0,
        healthState: 'None',
        runningState: 'Stopped',
      },
      'old',
    );
    const young = revision(
      {
        active: true,
        createdTime: '2026-02-01T00:00:00Z',
        replicas: 3,
        trafficWeight: 100,
        healthState: 'Healthy',
        runningState: 'Running',
      },
      'new',
    );
    tell(
      { body: { value: [old], nextLink: `${azure.url}${appId}/revisions?api-version=2025-07-01&skip=1` } },
      { body: { value: [young] } },
    );
    await expect(client().revisions(appId, never)).resolves.toEqual([
      {
        id: `${appId}/revisions/new`,
        name: 'new',
        active: true,
        trafficPercent: 100,
        replicas: 3,
        health: 'Healthy',
        running: 'Running',
        createdAt: '2026-02-01T00:00:00.000Z',
      },
      {
        id: `${appId}/revisions/old`,
        name: 'old',
        active: false,
        trafficPercent: 0,
        replicas: 0,
        health: 'None',
        running: 'Stopped',
        createdAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('follows no next page to another host', async () => {
    tell({ body: { value: [], nextLink: 'https://evil.example/next' } });
    await expect(client().revisions(appId, never)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it.each<Told>([{ body: '{' }, { body: '[]' }, { body: { id: appId } }])(
    'calls %j an answer that makes no sense',
    async (told) => {
      tell(told);
      await expect(client().read(ref, never)).rejects.toMatchObject({ code: 'bad-response' });
    },
  );

  it('compares and describes', () => {
    const { equals, describe: line } = client();
    expect(equals({ active: true }, { active: true })).toBe(true);
    expect(equals({ active: true }, { active: false })).toBe(false);
    expect(equals(null, { active: false })).toBe(false);
    expect(equals(null, null)).toBe(true);
    expect(line({ active: true }, { active: false })).toBe('revision: active → stopped');
    expect(line(null, { active: true })).toBe('revision: none → active');
  });
});
