import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const role = z.strictObject({
  Name: z.string(),
  IsCustom: z.literal(true),
  Description: z.string(),
  Actions: z.array(z.string()),
  NotActions: z.array(z.never()),
  DataActions: z.array(z.string()),
  NotDataActions: z.array(z.never()),
  AssignableScopes: z.array(z.string()).min(1),
});
const actionsOf = (file: string) => role.parse(JSON.parse(readFileSync(file, 'utf8'))).Actions;
const operator = actionsOf('docs/azure-role.json');
const recovery = actionsOf('docs/azure-recovery-role.json');
const sqlScaling = actionsOf('docs/azure-sql-scaling-role.json');
const dataRights =
  /^Microsoft\.(Sql|DocumentDB|Storage)\/.*(\/delete|restore\w*\/action|databases\/write|databaseAccounts\/write)$/i;

describe('the roles that an operator gives the app', () => {
  it('keep what overwrites and deletes data in the one for recoveries alone', () => {
    expect(operator.filter((action) => dataRights.test(action))).toEqual([]);
    expect(recovery.filter((action) => !dataRights.test(action))).toEqual(['Microsoft.Resources/tags/write']);
  });

  it('have for scaling SQL the one right that it needs, which makes databases too, and not in the role for all', () => {
    expect(sqlScaling).toEqual(['Microsoft.Sql/servers/databases/write']);
    expect(operator).toEqual(
      expect.arrayContaining([
        'Microsoft.Sql/locations/capabilities/read',
        'Microsoft.Sql/servers/databases/read',
        'Microsoft.Sql/servers/databases/replicationLinks/read',
        'Microsoft.Sql/locations/databaseAzureAsyncOperation/read',
      ]),
    );
  });

  it('give nothing twice, and nothing by a wildcard but the tables of logs', () => {
    const all = [...operator, ...recovery];
    expect(all.filter((action, index) => all.indexOf(action) !== index)).toEqual([]);
    expect(all.filter((action) => action.includes('*'))).toEqual([
      'Microsoft.OperationalInsights/workspaces/query/*/read',
    ]);
  });

  it('know every type of resource that an integration names', () => {
    const folder = 'src/integrations/azure';
    const types = readdirSync(folder).flatMap((file) =>
      [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/Type = '(Microsoft\.[\w/]+)'/g)].map(([, type]) => type),
    );
    expect(types.length).toBeGreaterThan(10);
    const known = [...operator, ...recovery].map((action) => action.toLowerCase());
    const missing = types.filter((type) => !known.some((action) => action.startsWith(`${type?.toLowerCase()}/`)));
    expect(missing).toEqual([]);
  });
});
