import { z } from 'zod';
import { viewIds } from '../blocks/view-ids.ts';
import { requestRun } from '../commands/request-run.ts';
import { findCell } from '../domain/estate.ts';
import { faultsOf, metadata, readDuration, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1) });

export const isolateSubmit: SubmissionHandler = {
  callbackId: viewIds.isolate,
  acts: true,

  validate: (values, estate) =>
    faultsOf({
      cell: () => findCell(estate, values.cell ?? ''),
      for: () => readDuration(values.for),
      reason: () => readReason(values.reason),
    }),

  async run({ incoming, operations, member, estate }) {
    const { channel } = metadata(incoming.privateMetadata, Opened);
    const { values, key } = incoming;
    return requestRun({ operations, member, channel, key }, 'isolate-cell', {
      cell: findCell(estate, values.cell ?? '').name,
      for: readDuration(values.for),
      reason: readReason(values.reason),
    });
  },
};
