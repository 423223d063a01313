import { z } from 'zod';
import { viewIds } from '../blocks/view-ids.ts';
import { requestRun } from '../commands/request-run.ts';
import { replicasIn } from '../commands/scale.ts';
import { findCell } from '../domain/estate.ts';
import { faultsOf, metadata, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1) });
const mostIn = (text: string | undefined) => (text?.trim() ? replicasIn(text, 'most') : undefined);

export const scaleSubmit: SubmissionHandler = {
  callbackId: viewIds.scale,
  acts: true,

  validate: (values, estate) =>
    faultsOf({
      cell: () => findCell(estate, values.cell ?? ''),
      to: () => replicasIn(values.to, 'to'),
      most: () => mostIn(values.most),
      reason: () => readReason(values.reason),
    }),

  async run({ incoming, operations, member, estate }) {
    const { channel } = metadata(incoming.privateMetadata, Opened);
    const { values, key } = incoming;
    const most = mostIn(values.most);
    return requestRun({ operations, member, channel, key }, 'scale-cell', {
      cell: findCell(estate, values.cell ?? '').name,
      to: replicasIn(values.to, 'to'),
      ...(most !== undefined && { most }),
      reason: readReason(values.reason),
    });
  },
};
