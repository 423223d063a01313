import { swapModal } from '../../src/blocks/recover-modal.ts';
import { createDesk } from '../support/fakes/desk.ts';

const where = JSON.stringify({ channel: 'C0INCIDENTS', cell: 'cell-banking' });
const reason = 'the copy has every account';

describe('the form of a swap', () => {
  it('asks what becomes of the blobs, and says what either means', () => {
    const shown = JSON.stringify(swapModal('cell-banking', 'C0INCIDENTS'));
    expect(shown).toContain('Leave them as they are');
    expect(shown).toContain('over what is there');
  });

  it.each([
    [
      { blobs: 'stay', reason },
      { cell: 'cell-banking', withoutBlobs: true, reason },
    ],
    [
      { blobs: 'back', reason },
      { cell: 'cell-banking', reason },
    ],
    [{ reason }, { cell: 'cell-banking', reason }],
  ])('plans what was chosen: %j', async (values, input) => {
    const desk = createDesk();
    await desk.submit('recover_swap_submit', values as never, where);
    expect(desk.operations.calls).toEqual([['request', expect.objectContaining({ playbook: 'swap-data', input })]]);
  });

  it('takes nothing else', async () => {
    const desk = createDesk();
    expect(JSON.stringify(await desk.submit('recover_swap_submit', { blobs: 'some', reason }, where))).toContain(
      'Say what becomes of the blobs.',
    );
    expect(desk.operations.calls).toEqual([]);
  });
});
