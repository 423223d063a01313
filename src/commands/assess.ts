import { assessmentCard } from '../blocks/assessment-card.ts';
import { OpsError } from '../errors.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { Command, Services } from './command.ts';
import { anyMember } from './may.ts';
import { readAssessment } from './read-assessment.ts';

/** Below Slack's patience by far, and above what the slowest of Azure's answers takes as a rule. */
export const assessmentDeadlineMs = 8_000;

/** Runbook: docs/runbooks/assess.md. */
export const assess: Command = {
  name: 'assess',
  usage: 'assess',
  summary: 'Look at everything that leads clients to regions, side by side, and propose what to do',
  examples: ['assess'],
  acts: false,
  may: anyMember,

  run: (_text, context) => readAssessmentCard(context),
};

/** Reads everything now, and draws it. */
export async function readAssessmentCard({
  azure,
  probes,
  estate,
  operations,
  clock,
}: Services): Promise<MessageContent> {
  if (azure === undefined) {
    throw new OpsError('misconfigured', 'Azure is not configured, so there is nothing to look at.', {
      hint: 'Whoever runs Stamps sets `AZURE_SUBSCRIPTION_ID` and starts it again.',
    });
  }
  const found = await readAssessment(
    { azure, estate, operations, clock, ...(probes && { probes }) },
    assessmentDeadlineMs,
  );
  return assessmentCard(found, new Date(clock.now()).toISOString());
}
