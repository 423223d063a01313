import { approvalRequest } from '../../src/blocks/approval-request.ts';
import { planCode } from '../../src/domain/plan.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { ana, ben, sampleRun, sampleView } from '../support/sample-run.ts';
import { buttonsOf, shownText } from '../support/shown-text.ts';

const run = sampleRun();
const value = `r-17:${planCode(run.planHash)}`;
const at = '2026-11-24T03:15:00.000Z';

describe('the approval request', () => {
  it('calls those who may approve and shows what each change does', () => {
    const content = approvalRequest(sampleView());
    const text = shownText(content);
    expect(text).toContain('One approval until <!date^1795491660^{time}|03:41 UTC>, from <!subteam^S0LEADS>');
    expect(text).toContain(`not from <@${ana}>, who asked`);
    expect(text).toContain('1. Send its traffic to cell-banking-dr\n      addresses: 10.0.0.4 → 10.1.0.4');
    expect(faultsOfMessage(content)).toEqual([]);
  });

  it('says what holds and must be known all the same, and nothing of what simply holds', () => {
    const checks = [
      { stepId: 'copies-are-ready', ok: true, warns: true, says: 'What <!here> wrote is lost.', override: 'never' },
      { stepId: 'region-keeps-capacity', ok: true, says: 'There is room.', override: 'never' },
    ] as const;
    const text = shownText(approvalRequest(sampleView(sampleRun({ checks }))));
    expect(text).toContain('⚠️ What &lt;!here&gt; wrote is lost.');
    expect(text).not.toContain('There is room.');
  });

  it('has buttons that carry the run and the code of the very plan', () => {
    expect(buttonsOf(approvalRequest(sampleView()))).toEqual([
      { text: 'Approve', actionId: 'run_approve', value },
      { text: 'Deny', actionId: 'run_deny', value },
      { text: 'Details', actionId: 'run_details', value },
    ]);
  });

  it('calls people when there is no Slack group, and says when nobody is in it', () => {
    const people = approvalRequest(sampleView(run, { approvers: [{ group: 'leads', people: [ben] }] }));
    expect(shownText(people)).toContain(`from <@${ben}>`);
    const nobody = approvalRequest(sampleView(run, { approvers: [{ group: 'leads', people: [] }] }));
    expect(shownText(nobody)).toContain('leads (nobody is in it)');
  });

  it('says how many more are wanted, and who has decided', () => {
    const decisions = [{ personId: ben, verdict: 'approve', planHash: run.planHash, groups: ['leads'], at } as const];
    const text = shownText(
      approvalRequest(sampleView(sampleRun({ decisions }), { approvals: { needed: 3, given: 1 } })),
    );
    expect(text).toContain('2 approvals until');
    expect(text).toContain(`✅ Approved by <@${ben}>`);
  });

  it.each([
    ['queued', '✅ Approved'],
    ['running', '✅ Approved'],
    ['succeeded', '✅ Approved'],
    ['denied', '🚫 Denied'],
    ['expired', '⌛ Expired'],
    ['cancelled', '⏹️ Cancelled'],
  ] as const)('has no buttons any more once it is %s', (state, verdict) => {
    const content = approvalRequest(sampleView(sampleRun({ state })));
    expect(buttonsOf(content)).toEqual([]);
    expect(shownText(content)).toContain(verdict);
  });

  it('stays the same message while the run makes progress', () => {
    const steps = [{ stepId: 'route-around-cell', state: 'done', says: '', startedAt: at, finishedAt: at } as const];
    expect(approvalRequest(sampleView(sampleRun({ state: 'running', steps })))).toEqual(
      approvalRequest(sampleView(sampleRun({ state: 'running' }))),
    );
  });
});
