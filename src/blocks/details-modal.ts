import type { KnownBlock, ModalView } from '@slack/types';
import type { Run } from '../domain/run.ts';
import { plain } from './elements.ts';
import { limits } from './limits.ts';
import { runDetails } from './run-details.ts';

/** A run in full, for App Home. */
export function detailsModal(run: Run): ModalView {
  return {
    type: 'modal',
    title: plain(`Run ${run.id}`, limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: runDetails(run).blocks as KnownBlock[],
  };
}
