import { onCallCard } from '../blocks/on-call-card.ts';
import { nearest, shown } from '../domain/estate.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { OnCallDesk } from '../ports/on-call.ts';
import { restOfLine } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const onCall: Command = {
  name: 'oncall',
  usage: 'oncall [policy]',
  summary: 'Show who is on call now and next, from PagerDuty',
  examples: ['oncall', 'oncall Platform'],
  acts: false,
  may: anyMember,

  async run(text, { onCall: desk, clock }) {
    const named = restOfLine(text);
    const turns = await desk.turns(await policyId(desk, named));
    const faults = named === '' ? await desk.ladderFaults().catch(unchecked) : [];
    return onCallCard(turns, faults, new Date(clock.now()).toISOString());
  },
};

/** Who is on call is worth showing all the same. */
function unchecked(error: unknown): string[] {
  if (!isOpsError(error)) throw error;
  return [`Whom the policy’s ladder pages could not be checked: ${error.message}`];
}

async function policyId(desk: OnCallDesk, named: string): Promise<string | undefined> {
  if (named === '') return undefined;
  const policies = (await desk.targets()).filter(({ kind }) => kind === 'policy');
  const wanted = named.toLowerCase();
  const found =
    policies.find(({ name }) => name.toLowerCase() === wanted) ??
    one(policies.filter(({ name }) => name.toLowerCase().includes(wanted)));
  if (found) return found.id;
  const names = policies.map(({ name }) => name);
  const near = nearest(named, names);
  throw new OpsError('not-found', `PagerDuty has no policy “${shown(named)}”.`, {
    hint: `${near.length > 0 ? 'Did you mean' : 'There are'} ${(near.length > 0 ? near : names.slice(0, 5)).map(shown).join(', ')}${near.length > 0 ? '?' : '.'}`,
  });
}

function one<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
