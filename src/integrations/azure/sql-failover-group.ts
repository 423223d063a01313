import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { SqlFailoverGroup, SqlGroupState, SqlPort } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { shortRegion } from './short-region.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.Sql, FailoverGroups.json). */
const apiVersion = '2021-11-01';
const groupType = 'Microsoft.Sql/servers/failoverGroups';

const role = z.enum(['Primary', 'Secondary']);
const groupSchema = z.looseObject({
  location: z.string().default(''),
  properties: z.looseObject({
    replicationRole: role,
    replicationState: z.string().default('Unknown'),
    partnerServers: z.array(z.looseObject({ id: z.string(), location: z.string().default(''), replicationRole: role })),
  }),
});
type Group = z.infer<typeof groupSchema>;

/** SQL failover groups. Each of a group's servers has the group as a resource of its own, and tells both roles. */
export function createSql({ arm, call, clock }: AzureContext): SqlPort {
  const read = async (id: string, signal: AbortSignal): Promise<Group> => {
    const { names } = parseArmId(id, groupType);
    return call.read(`read the failover group ${names[1]} at ${names[0]}`, signal, async (signal) =>
      groupSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
    );
  };

  return {
    kind: 'sql-failover-group',
    equals: (a, b) => a?.primary === b?.primary,
    lost: ({ dataLossAllowed }) => dataLossAllowed && 'SQL was forced over: what was not replicated then stays lost.',
    describe: (before, after) => `SQL primary: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      try {
        const { primary } = inOurWords(ref.id, await read(ref.id, signal));
        return { state: { primary } };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const [, name] = parseArmId(ref.id, groupType).names;
      if (!to) throw new OpsError('refused', `Stamps removes no failover groups: ${name} stays.`);
      const what = `fail ${name} over to ${to.primary}`;
      const target = groupIdAt(ref.id, to.primary, await read(ref.id, signal));
      if (target === undefined) throw azureError('not-found', what);
      const action = to.dataLossAllowed ? 'forceFailoverAllowDataLoss' : 'failover';
      return call.write(what, signal, async (signal) => {
        const answer = await arm.send({ method: 'POST', path: `${target}/${action}`, apiVersion }, signal);
        const operation = operationOf(answer, arm, { path: target, apiVersion });
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a failover of SQL', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    group: async (groupId, signal) => inOurWords(groupId, await read(groupId, signal)),
  };
}

function inOurWords(id: string, { location, properties }: Group): SqlFailoverGroup {
  const own = serverOf(id);
  const servers = [
    { name: own, region: shortRegion(location), role: properties.replicationRole },
    ...properties.partnerServers.map((partner) => ({
      name: serverOf(partner.id),
      region: shortRegion(partner.location),
      role: partner.replicationRole,
    })),
  ];
  const primary = servers.find((server) => server.role === 'Primary')?.name ?? '';
  return { primary, servers, replicationState: properties.replicationState };
}

/** The same group as another of its servers has it. */
function groupIdAt(id: string, server: string, { properties }: Group): string | undefined {
  if (serverOf(id) === server) return id;
  const partner = properties.partnerServers.find((it) => serverOf(it.id) === server)?.id;
  const other = partner === undefined ? undefined : `${partner}/failoverGroups/${id.split('/').at(-1)}`;
  // It came out of an answer: checked like an id that people wrote.
  return other === undefined || parseArmId(other, groupType).names[0].toLowerCase() !== server ? undefined : other;
}

/** Name of the server in an id of it or of what it has, in small letters. */
function serverOf(id: string): string {
  return /\/servers\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '';
}

function word(state: SqlGroupState | null): string {
  if (!state) return 'none';
  return state.dataLossAllowed ? `${state.primary}, by force` : state.primary;
}
