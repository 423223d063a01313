import { accountIn, databaseIn, pointedAt } from '../../src/domain/data-pointer.ts';

describe('what a setting names', () => {
  it.each([
    ['sql-cell-banking', 'sql-cell-banking'],
    ['Server=tcp:x.database.windows.net;Initial Catalog=sql-a;Encrypt=True', 'sql-a'],
    ['Server=x; database = sql-a ', 'sql-a'],
    ['Database=a;Initial Catalog=b', undefined],
    ['Server=x;Encrypt=True', undefined],
    ['', undefined],
  ])('finds the database in “%s”', (value, name) => expect(databaseIn(value)?.name).toBe(name));

  it.each([
    ['https://cosmos-a.documents.azure.com:443/', 'cosmos-a'],
    ['AccountEndpoint=https://cosmos-a.documents.azure.com;Database=x', 'cosmos-a'],
    ['https://a-1.documents.azure.com, https://a-2.documents.azure.com/', undefined],
    ['https://cosmos-a.example.com/', undefined],
    ['https://evil.com/https://cosmos-a.documents.azure.com.evil.com/', undefined],
  ])('finds the account in “%s”', (value, name) => expect(accountIn(value)?.name).toBe(name));

  it('changes the name alone, and there and back gives the same text', () => {
    const value = 'Server=x;Database=sql-a;Encrypt=True';
    const place = databaseIn(value) as { at: number; name: string };
    const moved = pointedAt(value, place, 'sql-a-r1');
    expect(moved).toBe('Server=x;Database=sql-a-r1;Encrypt=True');
    expect(pointedAt(moved, databaseIn(moved) as never, 'sql-a')).toBe(value);
  });
});
