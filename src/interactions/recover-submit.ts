import { z } from 'zod';
import type { BlobChoice } from '../blocks/recover-modal.ts';
import { viewIds } from '../blocks/view-ids.ts';
import { requestRecovery } from '../commands/request-recovery.ts';
import { requestRun } from '../commands/request-run.ts';
import { findCell } from '../domain/estate.ts';
import { parseMoment } from '../domain/recovery.ts';
import { OpsError } from '../errors.ts';
import { faultsOf, metadata, readDuration, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1), cell: z.string().min(1) });

export const recoverSubmit: SubmissionHandler = {
  callbackId: viewIds.recover,
  acts: true,

  validate: (values) =>
    faultsOf({
      at: () => parseMoment(values.at ?? ''),
      for: () => readDuration(values.for),
      reason: () => readReason(values.reason),
    }),

  async run({ incoming, operations, member, estate, azure }) {
    const { channel, cell } = metadata(incoming.privateMetadata, Opened);
    const { values, key } = incoming;
    return requestRecovery({ operations, member, channel, key }, azure, findCell(estate, cell), {
      at: values.at ?? '',
      for: readDuration(values.for),
      reason: readReason(values.reason),
    });
  },
};

export const swapSubmit: SubmissionHandler = {
  callbackId: viewIds.swap,
  acts: true,

  validate: (values) => faultsOf({ blobs: () => readBlobs(values.blobs), reason: () => readReason(values.reason) }),

  async run({ incoming, operations, member, estate }) {
    const { channel, cell } = metadata(incoming.privateMetadata, Opened);
    return requestRun({ operations, member, channel, key: incoming.key }, 'swap-data', {
      cell: findCell(estate, cell).name,
      ...(readBlobs(incoming.values.blobs) === 'stay' && { withoutBlobs: true }),
      reason: readReason(incoming.values.reason),
    });
  },
};

/** A form that was opened before this was asked has them go back, as it said. */
function readBlobs(text = 'back'): BlobChoice {
  if (text === 'back' || text === 'stay') return text;
  throw new OpsError('bad-input', 'Say what becomes of the blobs.', { hint: 'Choose one of the two.' });
}
