import { mergedInto } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { asIncidentId } from './incident-arguments.ts';

const usage = 'incident merge <incident> into <incident>';

export const incidentMerge: Command = {
  name: 'incident merge',
  usage,
  summary: 'Make one incident of two that are the same trouble',
  examples: ['incident merge i-18 into i-17'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incidents, member }) {
    const [first = '', into, second = '', extra] = parseArguments(text).words;
    const [gone, stays] = [asIncidentId(first), asIncidentId(second)];
    if (gone === undefined || stays === undefined || into?.toLowerCase() !== 'into' || extra !== undefined)
      throw new OpsError('bad-input', 'Which incident goes into which?', { hint: `Type \`/stamps ${usage}\`.` });
    return mergedInto(await incidents.merge(gone, stays, member), gone);
  },
};
