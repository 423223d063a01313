import { createPresenter } from '../../src/blocks/presenter.ts';
import { ana, ben, sampleLease, sampleRun, sampleView } from '../support/sample-run.ts';
import { buttonsOf, shownText } from '../support/shown-text.ts';

const { leaseReminder, notice, reviewRequest } = createPresenter();
const glass = { by: ana, reason: 'nobody else is awake', at: '2026-11-24T03:15:00.000Z' };

describe('the reminder of a lease', () => {
  it.each([
    [false, '⏳ *cell-banking is out of service* until'],
    [true, '⏰ *cell-banking is still out of service*, and its lease ended at'],
  ])('when it has ended: %s', (ended, says) => {
    const content = leaseReminder({ ...sampleLease, ended });
    expect(shownText(content)).toContain(says);
    expect(buttonsOf(content)).toEqual([
      { text: 'Restore now', actionId: 'lease_restore', value: 'cell-banking' },
      { text: 'Extend…', actionId: 'lease_extend', value: 'cell-banking' },
    ]);
  });
});

describe('the reminder of a region', () => {
  it.each([
    [false, '⏳ *eastus is served from elsewhere* until'],
    [true, '⏰ *eastus is still served from elsewhere*, and its lease ended at'],
  ])('says what comes back, when it has ended: %s', (ended, says) => {
    const content = leaseReminder({ ...sampleLease, subject: 'eastus', of: 'region', ended });
    expect(shownText(content)).toContain(says);
    expect(buttonsOf(content)).toEqual([
      { text: 'Fail back', actionId: 'lease_restore', value: 'eastus' },
      { text: 'Extend…', actionId: 'lease_extend', value: 'eastus' },
    ]);
  });
});

describe('the reminder of a recovery', () => {
  it('offers to swap, to keep the copies for longer, and to end it', () => {
    const recovery = { ...sampleLease, subject: 'recovery/cell-banking', of: 'recovery' } as const;
    const content = leaseReminder({ ...recovery, ended: true });
    expect(shownText(content)).toContain('*The recovery of cell-banking* was to end at');
    expect(buttonsOf(content)).toEqual([
      { text: 'Swap…', actionId: 'recover_swap_open', value: 'cell-banking' },
      { text: 'Extend…', actionId: 'lease_extend', value: 'recovery/cell-banking' },
      { text: 'End the recovery', actionId: 'recover_release', value: 'cell-banking' },
    ]);
  });
});

describe('the review that is owed', () => {
  it('calls others than the one who broke the glass, with a button', () => {
    const content = reviewRequest(sampleView(sampleRun({ state: 'running', breakGlass: glass })));
    expect(shownText(content)).toContain(
      `Somebody other than <@${ana}> should look at what was done and why: <!subteam^S0LEADS>.`,
    );
    expect(buttonsOf(content).map(({ actionId }) => actionId)).toEqual(['review_done', 'run_details']);
  });

  it('has no buttons and calls nobody once it is done', () => {
    const breakGlass = { ...glass, reviewedBy: ben, reviewedAt: glass.at };
    const content = reviewRequest(sampleView(sampleRun({ breakGlass })));
    expect(buttonsOf(content)).toEqual([]);
    expect(shownText(content)).toContain(`Reviewed by <@${ben}>.`);
    expect(shownText(content)).not.toContain('subteam');
  });
});

describe('a notice', () => {
  it('keeps the blanks between words and names, and calls people and groups only', () => {
    const content = notice(['Approved by ', { person: ben }, ', plan 1a2b. ', { slackGroup: 'S0LEADS' }, ' <!here>']);
    expect(content.text).toBe(`Approved by <@${ben}>, plan 1a2b. <!subteam^S0LEADS> &lt;!here&gt;`);
  });

  it('never calls by an id of another form', () => {
    expect(notice([{ person: 'stamps' }, ' and ', { slackGroup: '!here' }]).text).toBe('`stamps` and `!here`');
  });
});
