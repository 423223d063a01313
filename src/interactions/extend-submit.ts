import { z } from 'zod';
import { viewIds } from '../blocks/view-ids.ts';
import { heldLease } from '../commands/held-lease.ts';
import { requestRun } from '../commands/request-run.ts';
import { faultsOf, metadata, readDuration, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1), cell: z.string().min(1) });

export const extendSubmit: SubmissionHandler = {
  callbackId: viewIds.extend,
  acts: true,

  validate: (values) => faultsOf({ for: () => readDuration(values.for), reason: () => readReason(values.reason) }),

  async run({ incoming, operations, member, estate }) {
    const { channel, cell } = metadata(incoming.privateMetadata, Opened);
    const lease = await heldLease(estate, operations, cell);
    return requestRun({ operations, member, channel, key: incoming.key }, 'extend-lease', {
      cell: lease.subject,
      for: readDuration(incoming.values.for),
      reason: readReason(incoming.values.reason),
    });
  },
};
