import { appId, group, never, type ScriptedAzure, startScriptedAzure } from './scripted-azure.ts';

const type = 'Microsoft.App/containerApps';

describe('inventory', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  it('lists all pages, the type spelled one way and the names as Azure spells them', async () => {
    const upper = `${group}/providers/Microsoft.App/CONTAINERAPPS/App-B`;
    azure.tell(
      { body: { value: [{ id: upper }], nextLink: `${azure.url}${group}/resources?skip=1` } },
      { body: { value: [{ id: appId }] } },
    );
    await expect(azure.client().inventory.list(group, type, never)).resolves.toEqual([
      `${group}/providers/microsoft.app/containerapps/App-B`,
      `${group}/providers/microsoft.app/containerapps/app-cell-a`,
    ]);
    expect(azure.asked[0]).toMatchObject({ method: 'GET', path: `${group}/resources` });
    expect(azure.asked[0]?.query.get('$filter')).toBe(`resourceType eq '${type}'`);
  });

  it.each(["x' or 1 eq 1", 'Microsoft.App', '', 'Microsoft.App/a b'])('refuses %j as a type', async (wrong) => {
    azure.tell({});
    await expect(azure.client().inventory.list(group, wrong, never)).rejects.toMatchObject({ code: 'bad-input' });
    expect(azure.asked).toEqual([]);
  });

  it('says that a group is not there', async () => {
    azure.tell({ status: 404, body: { error: { code: 'ResourceGroupNotFound', message: 'It is not there.' } } });
    await expect(azure.client().inventory.list(group, type, never)).rejects.toMatchObject({ code: 'not-found' });
  });
});
