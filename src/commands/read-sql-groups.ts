import type { Estate, Region } from '../domain/estate.ts';
import type { AzurePorts, SqlFailoverGroup } from '../ports/azure.ts';
import type { Reading } from './reading.ts';

/** The failover groups of an estate, as far as they could be read. */
export interface SqlGroups {
  /** By an id of it, at whichever of its servers. */
  group(id: string | undefined): SqlFailoverGroup | undefined;
  /** Of the region's server: in the group that the estate file gives the region; where it gives none, in any. */
  roleIn(region: Region): 'Primary' | 'Secondary' | undefined;
  /** Do all of them? Absent: not known, or there is none. */
  readonly replicates?: boolean;
}

/** Each group once, side by side: a pair of regions may have one of its own. */
export async function readSqlGroups(
  { regions }: Estate,
  sql: Pick<AzurePorts['sql'], 'group'>,
  { attempt }: Reading,
): Promise<SqlGroups> {
  const ids = Map.groupBy(
    regions.flatMap(({ sqlFailoverGroupId }) => sqlFailoverGroupId ?? []),
    nameOf,
  );
  const groups = new Map<string, SqlFailoverGroup>();
  await Promise.all(
    [...ids].map(async ([name, ofServers]) => {
      const group = await attempt(`SQL’s ${name}`, async (signal) => {
        // Either server knows both roles; the second is asked when the first is away.
        for (const id of ofServers.slice(0, -1)) {
          const answer = await sql.group(id, signal).catch(() => undefined);
          if (answer) return answer;
        }
        return sql.group(ofServers.at(-1) as string, signal);
      });
      if (group) groups.set(name, group);
    }),
  );
  // One that does not replicate is enough for no; yes needs the word of all.
  const replicates = [...groups.values()].every(({ replicationState }) => replicationState === 'CATCH_UP');
  return {
    group: (id) => groups.get(nameOf(id)),
    roleIn({ name, sqlFailoverGroupId }) {
      const own = groups.get(nameOf(sqlFailoverGroupId));
      const asked = sqlFailoverGroupId === undefined ? [...groups.values()] : own ? [own] : [];
      return asked.flatMap(({ servers }) => servers).find(({ region }) => region === name)?.role;
    },
    ...((!replicates || (groups.size > 0 && groups.size === ids.size)) && { replicates }),
  };
}

/** Two groups never share a name: it is a part of a host name (`New-AzSqlDatabaseFailoverGroup`, “Description”). */
function nameOf(groupId: string | undefined): string {
  return groupId?.split('/').at(-1)?.toLowerCase() ?? '';
}
