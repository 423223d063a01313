import { z } from 'zod';
import { date } from '../blocks/date.ts';
import { code } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { viewIds } from '../blocks/view-ids.ts';
import { parseDuration } from '../domain/duration.ts';
import { faultsOf, metadata, readDuration, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1), proposal: z.string().regex(/^sc-\d{1,9}$/) });

export const snoozeProposalSubmit: SubmissionHandler = {
  callbackId: viewIds.snoozeProposal,
  acts: true,
  validate: (values) => faultsOf({ for: () => readDuration(values.for) }),

  async run({ incoming, scaling, member }) {
    const { proposal } = metadata(incoming.privateMetadata, Opened);
    const { id, snoozedUntil } = await scaling.snooze(
      proposal,
      parseDuration(readDuration(incoming.values.for)),
      member,
    );
    return say(`${code(id)} is snoozed until ${date(snoozedUntil ?? '', 'day')}.`);
  },
};

export const dismissProposalSubmit: SubmissionHandler = {
  callbackId: viewIds.dismissProposal,
  acts: true,
  validate: (values) => faultsOf({ reason: () => readReason(values.reason) }),

  async run({ incoming, scaling, member }) {
    const { proposal } = metadata(incoming.privateMetadata, Opened);
    const { id } = await scaling.dismiss(proposal, readReason(incoming.values.reason), member);
    return say(`${code(id)} is dismissed.`);
  },
};
