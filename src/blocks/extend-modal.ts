import type { ModalView } from '@slack/types';
import type { Lease } from '../domain/run.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { plain, section } from './elements.ts';
import { escapeText, oneLine } from './escape-text.ts';
import { textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

/**
 * By how much longer a cell stays out, or a region's clients are served elsewhere. `channel` is where the run's card
 * will stand.
 */
export function extendModal(
  lease: Pick<Lease, 'subject' | 'until' | 'reason'>,
  of: 'cell' | 'region',
  channel: string,
): ModalView {
  const state = of === 'cell' ? 'The cell is out of service' : 'The clients of the region are served elsewhere';
  return {
    type: 'modal',
    callback_id: viewIds.extend,
    private_metadata: JSON.stringify({ channel, cell: lease.subject.slice(0, 400) }),
    title: plain(`Extend a ${of}’s lease`, limits.modalTitle),
    submit: plain('Plan it', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: [
      section(`*${cut(escapeText(lease.subject), 100)}:* ${state} until ${date(lease.until, 'day')}.`),
      textInput('for', 'Extend it by', {
        initial: '2h',
        hint: 'Such as 30m, 2h or 1d; it counts from the end that is set now.',
        maxLength: 40,
      }),
      textInput('reason', 'Why', { initial: oneLine(lease.reason), multiline: true, minLength: 10, maxLength: 500 }),
    ],
  };
}
