import type { ModalView } from '@slack/types';
import type { Held } from '../domain/find-held.ts';
import type { Lease } from '../domain/run.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { plain, section } from './elements.ts';
import { escapeText, oneLine } from './escape-text.ts';
import { textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

const words = {
  cell: { title: 'Extend a cell’s lease', state: 'The cell is out of service', by: '2h' },
  region: { title: 'Extend a region’s lease', state: 'The clients of the region are served elsewhere', by: '2h' },
  recovery: { title: 'Keep copies for longer', state: 'The copies of its data are kept', by: '1d' },
} as const;

/**
 * By how much longer a cell stays out, a region's clients are served elsewhere, or the copies of a recovery are kept.
 * `channel` is where the run's card will stand.
 */
export function extendModal(
  lease: Pick<Lease, 'subject' | 'until' | 'reason'>,
  { of, cell }: { readonly of: Held['of']; readonly cell?: { readonly name: string } | undefined },
  channel: string,
): ModalView {
  const { title, state, by } = words[of];
  const name = cell?.name ?? lease.subject;
  return {
    type: 'modal',
    callback_id: viewIds.extend,
    private_metadata: JSON.stringify({ channel, cell: lease.subject.slice(0, 400) }),
    title: plain(title, limits.modalTitle),
    submit: plain('Plan it', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: [
      section(`*${cut(escapeText(name), 100)}:* ${state} until ${date(lease.until, 'day')}.`),
      textInput('for', 'Extend it by', {
        initial: by,
        hint: 'Such as 30m, 2h or 1d; it counts from the end that is set now.',
        maxLength: 40,
      }),
      textInput('reason', 'Why', { initial: oneLine(lease.reason), multiline: true, minLength: 10, maxLength: 500 }),
    ],
  };
}
