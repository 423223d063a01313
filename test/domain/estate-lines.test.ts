import { parseEstate } from '../../src/domain/estate-file.ts';
import { toNameStores } from '../../src/domain/estate-lines.ts';
import { estateText } from '../support/playbook-world.ts';

const cellIn = (text: string) => parseEstate(text).cells.find(({ name }) => name === 'cell-banking') as never;
const worksOn = { database: 'sql-cell-banking-r1', account: 'cosmos-cell-banking-r1' };

describe('the lines that name a cell’s stores', () => {
  it('are short where the stores are in the cell’s own group', () => {
    expect(toNameStores(cellIn(estateText), worksOn)).toBe(
      'In the estate file, at `- name: cell-banking`, write `sqlDatabase: sql-stamps-eastus/databases/sql-cell-banking-r1`, and under its `data:` `cosmosAccount: cosmos-cell-banking-r1`; then start Stamps again.',
    );
  });

  it('are whole ids where they are in another', () => {
    const other =
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-data/providers/Microsoft.Sql/servers/sql-data/databases/banking';
    const cell = cellIn(estateText.replace('{ name: cell-banking,', `{ name: cell-banking, sqlDatabase: ${other},`));
    expect(toNameStores(cell, { database: 'banking-r1' })).toContain(`\`sqlDatabase: ${other}-r1\`;`);
  });

  it('name only what was said', () => {
    expect(toNameStores(cellIn(estateText), { account: 'cosmos-r1' })).not.toContain('sqlDatabase');
  });

  it.each([worksOn, { database: 'sql-cell-banking-r1' }])('are read back as what they name: %j', (stores) => {
    const lines = [...toNameStores(cellIn(estateText), stores).matchAll(/`(\w+): ([^`]+)`/g)];
    const written = lines.reduce(
      (text, [, key, value]) =>
        key === 'sqlDatabase'
          ? text.replace('{ name: cell-banking,', `{ name: cell-banking, sqlDatabase: ${value},`)
          : text.replace('cosmosAccount: cosmos-cell-banking,', `cosmosAccount: ${value},`),
      estateText,
    );
    const cell = cellIn(written) as { sqlDatabaseId: string };
    expect(cell.sqlDatabaseId).toMatch(/\/servers\/sql-stamps-eastus\/databases\/sql-cell-banking-r1$/);
  });
});
