import { globalOutage as shown } from '../blocks/global-outage-card.ts';
import type { Proposal, RegionStanding } from '../domain/assessment.ts';
import type { Incident } from '../domain/incident.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { isOpsError, OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import { assessmentDeadlineMs } from './assess.ts';
import type { Command, CommandContext } from './command.ts';
import { readAssessment } from './read-assessment.ts';

const usage = 'global-outage because <what is seen>';

/** Runbook: docs/runbooks/global-outage.md. */
export const globalOutage: Command = {
  name: 'global-outage',
  usage,
  summary: 'Open a P0, wake the on-call, look at everything, plan what is safe, and draft the status page',
  examples: ['global-outage because nobody can sign in since 03:05'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, context) {
    const { incidents, incoming, member, policy, azure, clock, onCall, statusPage } = context;
    const { words, because } = parseArguments(text);
    if (because === undefined || words.length > 0)
      throw new OpsError('bad-input', 'Say what is seen: whoever is woken reads it first.', {
        hint: `Type \`/stamps ${usage}\`.`,
      });
    if (policy.incidents.channel === undefined && incoming.channel.startsWith('D'))
      throw new OpsError('refused', 'An incident’s card must stand in a channel, where others see it.', {
        hint: 'Type the same in the incident channel.',
      });

    // People first: whatever is away afterwards, somebody is awake.
    const title = `Global outage: ${because}`;
    const open = await openOutage(incidents);
    // A repeat of the request finds what it declared itself.
    const joined = open !== undefined && open.title !== title;
    if (joined) await incidents.note(open.id, `${title}.`, member, `${incoming.key}/seen`);
    const outage =
      open ??
      (await incidents.declare({ requestKey: incoming.key, title, severity: 'P0', channel: incoming.channel }, member));
    const { incident, earlier } = await incidents.page(outage.id, member);
    // The severity of a P0 of our own may have called them already.
    const page = !onCall.pagesIncidents ? 'not-configured' : joined && earlier ? 'earlier' : 'wanted';

    const { configured } = statusPage;
    if (azure === undefined) {
      const problems = ['Azure is not configured: nothing was looked at.'];
      return shown({ incident, joined, page, problems, statusPage: configured });
    }
    const { estate, operations, probes } = context;
    const sources = { azure, estate, operations, clock, ...(probes && { probes }) };
    const assessment = await readAssessment(sources, assessmentDeadlineMs);
    const named = (wanted: RegionStanding) =>
      assessment.verdicts.filter(({ standing }) => standing === wanted).map(({ facts }) => facts.name);
    const [broken, impaired] = [named('broken'), named('impaired')];
    const regions = [
      broken.length === 0 ? 'No region is found broken' : `Found broken: ${broken.join(', ')}`,
      ...(impaired.length === 0 ? [] : [`impaired: ${impaired.join(', ')}`]),
    ].join('; ');
    const off = assessment.switchedOff.map(({ of }) => `${of} is switched off as a whole. `);
    const finding = `${off.join('')}${regions}`;
    await incidents.note(incident.id, `${finding}.`, member, `${incoming.key}/assessment`);

    const { planned, problems } = await planWhatIsSafe(assessment.proposals, because, context);
    const readAt = new Date(clock.now()).toISOString();
    return shown({ incident, joined, page, assessment, planned, problems, readAt, statusPage: configured });
  },
};

/** The P0 of the whole estate that is being worked on: alerts are often first, and two cards for one outage help nobody. */
async function openOutage(incidents: CommandContext['incidents']): Promise<Incident | undefined> {
  const open = await incidents.incidents({});
  return open.find(
    ({ severity, place, mitigatedAt }) => severity === 'P0' && place.scope === 'global' && mitigatedAt === undefined,
  );
}

/**
 * Asks for what loses nothing; it still waits for its approvals. What loses data, and what somebody switched off on
 * purpose, is a person's to decide: it stays a button, or is left alone.
 */
async function planWhatIsSafe(
  proposals: readonly Proposal[],
  because: string,
  { operations, incoming, member, policy }: CommandContext,
): Promise<{ planned: string[]; problems: string[] }> {
  const channel = incoming.channel.startsWith('D') ? policy.incidents.channel : incoming.channel;
  const planned: string[] = [];
  const problems: string[] = [];
  for (const proposal of proposals) {
    if (proposal.kind !== 'failover' || proposal.losesData || channel === undefined) continue;
    const { from, to } = proposal;
    try {
      const run = await operations.request({
        requestKey: `${incoming.key}/failover/${from}`.slice(0, 255),
        playbook: 'failover-region',
        input: { from, to, reason: because },
        requester: member,
        channel,
      });
      planned.push(run.id);
    } catch (error) {
      if (!isOpsError(error) || error.service === 'PostgreSQL' || error.code === 'fenced') throw error;
      problems.push([`${from} to ${to}: ${error.message}`, error.hint].filter(Boolean).join(' '));
    }
  }
  return { planned, problems };
}
