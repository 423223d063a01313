import { code, escapeText } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { scalingActionIds } from '../blocks/scaling-card.ts';
import { dismissProposalModal, snoozeProposalModal } from '../blocks/scaling-modals.ts';
import { planCode } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import type { IncomingAction } from '../ports/incoming.ts';
import type { ActionHandler } from './interaction.ts';

export const scalingPropose: ActionHandler = {
  actionId: scalingActionIds.propose,
  acts: true,

  async run({ incoming, scaling, member }) {
    const run = await scaling.propose(proposalId(incoming), member);
    const name = `${escapeText(run.plan.title)} (${code(run.id)}, plan ${code(planCode(run.planHash))})`;
    if (run.requesterId !== member.id) return say(`It was asked for already: ${name}.`);
    if (run.state === 'refused') return say(`Refused: ${name}. Nothing was changed; its card says why.`);
    return say(`Planned: ${name}.`, 'Its card is in this channel, and says who may approve it.');
  },
};

export const scalingSnooze: ActionHandler = {
  actionId: scalingActionIds.snooze,
  acts: false,

  async run({ incoming, chat }) {
    await chat.openView(incoming.triggerId, snoozeProposalModal(proposalId(incoming), channelOf(incoming)));
    return undefined;
  },
};

export const scalingDismiss: ActionHandler = {
  actionId: scalingActionIds.dismiss,
  acts: false,

  async run({ incoming, chat }) {
    await chat.openView(incoming.triggerId, dismissProposalModal(proposalId(incoming), channelOf(incoming)));
    return undefined;
  },
};

/** Throws `bad-input` for what no button of ours carries. */
function proposalId({ value }: IncomingAction): string {
  if (/^sc-\d{1,9}$/.test(value)) return value;
  throw new OpsError('bad-input', 'This button is not understood any more.', { hint: 'See `/stamps scaling`.' });
}

function channelOf({ channel }: IncomingAction): string {
  if (channel !== undefined) return channel;
  throw new OpsError('bad-input', 'This button works on a scaling card only.', { hint: 'See `/stamps scaling`.' });
}
