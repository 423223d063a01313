import { z } from 'zod';
import { viewIds } from '../blocks/view-ids.ts';
import { requestRun } from '../commands/request-run.ts';
import { replicasIn } from '../commands/scale.ts';
import { objectiveIn } from '../commands/scale-sql.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { faultsOf, metadata, readReason } from './form.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1) });
const isSql = (values: Readonly<Record<string, string | undefined>>) => values.what === 'sql';
const mostIn = (text: string | undefined) => (text?.trim() ? replicasIn(text, 'most') : undefined);

/** Throws `bad-input` for what would be left out. */
function noMost(text: string | undefined): void {
  if (text?.trim()) throw new OpsError('bad-input', 'A database has no most: leave this empty.');
}

export const scaleSubmit: SubmissionHandler = {
  callbackId: viewIds.scale,
  acts: true,

  validate: (values, estate) =>
    faultsOf({
      cell: () => findCell(estate, values.cell ?? ''),
      to: () => (isSql(values) ? objectiveIn(values.to) : replicasIn(values.to, 'to')),
      most: () => (isSql(values) ? noMost(values.most) : mostIn(values.most)),
      reason: () => readReason(values.reason),
    }),

  async run({ incoming, operations, member, estate }) {
    const { channel } = metadata(incoming.privateMetadata, Opened);
    const { values, key } = incoming;
    const asking = { operations, member, channel, key };
    const base = { cell: findCell(estate, values.cell ?? '').name, reason: readReason(values.reason) };
    if (isSql(values)) return requestRun(asking, 'scale-sql', { ...base, to: objectiveIn(values.to) });
    const most = mostIn(values.most);
    return requestRun(asking, 'scale-cell', {
      ...base,
      to: replicasIn(values.to, 'to'),
      ...(most !== undefined && { most }),
    });
  },
};
