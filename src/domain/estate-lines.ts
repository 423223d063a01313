import type { Cell } from './estate.ts';

/** What a cell works on, by name; absent: not said. */
interface WorksOn {
  readonly database?: string | undefined;
  readonly account?: string | undefined;
}

/**
 * What to write into the estate file so that it names the stores that a cell works on, as a sentence with the very lines
 * in backquotes. Stores are where those stand that the file names now: on the same server, in the same group.
 */
export function toNameStores(cell: Cell, { database, account }: WorksOn): string {
  const { sqlDatabaseId, data } = cell;
  const lines = [
    ...(database === undefined ? [] : [`\`sqlDatabase: ${asWritten(cell, beside(sqlDatabaseId, database))}\``]),
    ...(account === undefined || data?.cosmosAccountId === undefined
      ? []
      : [`under its \`data:\` \`cosmosAccount: ${asWritten(cell, beside(data.cosmosAccountId, account))}\``]),
  ];
  return `In the estate file, at \`- name: ${cell.name}\`, write ${lines.join(', and ')}; then start Stamps again.`;
}

/** The id of another of the same kind, in the same place. */
export function beside(id: string, name: string): string {
  return id.slice(0, id.lastIndexOf('/') + 1) + name;
}

/** The short form that the file takes for what is in the cell's own group; else the whole id. */
function asWritten({ containerAppId }: Cell, id: string): string {
  const group = (of: string) => of.split('/').slice(0, 5).join('/').toLowerCase();
  return group(id) === group(containerAppId) ? id.split('/').slice(8).join('/') : id;
}
