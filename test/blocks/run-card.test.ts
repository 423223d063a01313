import { runCard } from '../../src/blocks/run-card.ts';
import { changes, invertChanges, planCode } from '../../src/domain/plan.ts';
import type { RunState } from '../../src/domain/run.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { ana, ben, samplePlan, sampleRun, sampleView } from '../support/sample-run.ts';
import { buttonsOf, shownText } from '../support/shown-text.ts';

const at = '2026-11-24T03:15:00.000Z';
const done = (stepId: string, state: 'done' | 'failed' | 'drifted' | 'running' = 'done') =>
  ({ stepId, state, says: 'the pool took no writes', startedAt: at, finishedAt: at }) as const;

const card = (run: Parameters<typeof sampleRun>[0], view: Parameters<typeof sampleView>[1] = {}) =>
  runCard(sampleView(sampleRun(run), view));

describe('the run card', () => {
  it('tells what, how it stands, why, who is hurt, how it is undone and who asked', () => {
    const text = shownText(card({}));
    expect(text).toContain('Isolate cell-banking until 07:11 UTC');
    expect(text).toContain(
      '*✋ Waiting for approval* — 1 approval from leads, until <!date^1795491660^{time}|03:41 UTC>',
    );
    expect(text).toContain('Why: card payments time out');
    expect(text).toContain('☑️ 1 check holds');
    expect(text).toContain('▫️ Send its traffic to cell-banking-dr');
    expect(text).toContain('*Tenants: 42* — 2 enterprise, 40 smb');
    expect(text).toContain('SLA: 2 at 99.99 %, 40 at 99.9 %  ·  Compliance: PCI-DSS 5');
    expect(text).toContain('Left in eastus: cell-retail, cell-healthcare');
    expect(text).toContain('*Undo:* The pool, the revision and the alert get back what they had.');
    expect(text).toContain(`<@${ana}> asked at`);
    expect(text).toContain(`\`r-17\` · plan \`${planCode(sampleRun().planHash)}\``);
  });

  it('shows all of what a guard says to do, and nothing left of a cell that stays', () => {
    const says = `${'x'.repeat(300)} Grant them with az.`;
    const checks = [{ stepId: 'roles', says, ok: false, override: 'never' as const }];
    const impact = { ...samplePlan.impact, healthyCellsLeft: ['cell-banking', 'cell-retail'], cellsOut: 0 };
    const text = shownText(card({ state: 'refused', checks, plan: { ...samplePlan, impact } }));
    expect(text).toContain('Grant them with az. — never overridden');
    expect(text).not.toContain('Left in');
  });

  it('names who approved this very plan', () => {
    const decision = (personId: string, planHash: string) =>
      ({ personId, verdict: 'approve', planHash, groups: ['leads'], at }) as const;
    const decisions = [decision('U0OLD', 'an older plan'), decision(ben, sampleRun().planHash)];
    expect(shownText(card({ state: 'queued', decisions }))).toContain(`approved by <@${ben}>  ·  `);
  });

  it.each<[RunState, string[]]>([
    ['refused', ['Details']],
    ['waiting', ['Details', 'Cancel']],
    ['queued', ['Details', 'Cancel']],
    ['running', ['Details', 'Stop']],
    ['stopped', ['Try again', 'Undo', 'Details']],
    ['succeeded', ['Restore now', 'Extend…', 'Details']],
    ['undone', ['Details']],
    ['denied', ['Details']],
    ['expired', ['Details']],
    ['cancelled', ['Details']],
  ])('offers in state %s what can be done then: %j', (state, texts) => {
    const content = card({ state });
    expect(buttonsOf(content).map(({ text }) => text)).toEqual(texts);
    expect(faultsOfMessage(content)).toEqual([]);
  });

  it('offers Undo for a plan without a lease, and for a cancelled run that did something', () => {
    const plan = { ...samplePlan, steps: samplePlan.steps.slice(0, 3) };
    expect(buttonsOf(card({ plan, state: 'succeeded' })).map(({ text }) => text)).toEqual(['Undo', 'Details']);
    const steps = [done('route-around-cell')];
    expect(buttonsOf(card({ state: 'cancelled', steps })).map(({ text }) => text)).toEqual(['Undo', 'Details']);
  });

  it('offers to fail back what was failed over', () => {
    const plan = {
      ...samplePlan,
      target: { region: 'eastus' },
      steps: samplePlan.steps.map((step) =>
        step.kind === 'change' && step.resource.kind === 'lease'
          ? { ...step, resource: { kind: 'lease', id: 'lease/eastus' } }
          : step,
      ),
    };
    expect(buttonsOf(card({ plan, state: 'succeeded' })).map(({ text }) => text)).toEqual([
      'Fail back',
      'Extend…',
      'Details',
    ]);
  });

  it('offers no Undo for a plan that has put everything back', () => {
    const there = changes(samplePlan);
    const plan = { ...samplePlan, steps: [...there, ...invertChanges(there)] };
    expect(buttonsOf(card({ plan, state: 'succeeded' })).map(({ text }) => text)).toEqual(['Details']);
  });

  it('offers no Restore for a plan that gives a lease back', () => {
    const plan = { ...samplePlan, steps: invertChanges(changes(samplePlan)) };
    expect(buttonsOf(card({ plan, state: 'succeeded' })).map(({ text }) => text)).toEqual(['Undo', 'Details']);
  });

  it('marks each step as it goes, in words too', () => {
    const text = shownText(
      card({
        state: 'running',
        steps: [done('region-keeps-capacity'), done('route-around-cell'), done('deactivate-blue', 'running')],
      }),
    );
    expect(text).toContain('*▶️ Running* — step 3 of 4');
    expect(text).toContain('✅ Send its traffic to cell-banking-dr — done');
    expect(text).toContain('▶️ Stop revision blue — *now*');
    expect(text).toContain('▫️ Hold the lease until 07:11 UTC');
  });

  it('shows what was expected and what was found when somebody else changed the resource', () => {
    const steps = [{ ...done('route-around-cell', 'drifted'), found: { addresses: ['10.9.9.9'] } }];
    const text = shownText(card({ state: 'stopped', steps }));
    expect(text).toContain('*⚠️ Stopped: a person decides*');
    expect(text).toContain('*Changed by somebody else since the plan was made:* Send its traffic to cell-banking-dr');
    expect(text).toContain('addresses: 10.0.0.4 → 10.9.9.9');
  });

  it('shows why a step failed', () => {
    expect(shownText(card({ state: 'stopped', steps: [done('route-around-cell', 'failed')] }))).toContain(
      'the pool took no writes',
    );
  });

  it('names the runs that it waits behind, and the pause', () => {
    expect(shownText(card({ state: 'queued', behind: ['r-15', 'r-16'] }))).toContain('behind `r-15`, then `r-16`');
    expect(shownText(card({ state: 'queued' }, { paused: true }))).toContain('everything is paused');
  });

  it('says of a refusal whether break-glass may go past it', () => {
    const check = {
      stepId: 'region-keeps-capacity',
      ok: false,
      says: 'eastus would have no healthy cell',
      override: 'break-glass',
    } as const;
    const open = shownText(card({ state: 'refused', checks: [check] }));
    expect(open).toContain('⛔ eastus would have no healthy cell — break-glass may go past it');
    expect(open).toContain('`/stamps break-glass r-17 &lt;reason&gt;`');
    const never = shownText(card({ state: 'refused', checks: [{ ...check, override: 'never' }] }));
    expect(never).toContain('no one can override this guard');
    expect(never).not.toContain('/stamps break-glass');
  });

  it('says of a region that goes as a whole what is left elsewhere, not there', () => {
    const { plan } = sampleRun();
    const shown = shownText(card({ state: 'waiting', plan: { ...plan, target: { region: 'eastus' } } }));
    expect(shown).toContain('Left elsewhere: cell-retail');
    expect(shown).not.toContain('Left in eastus');
  });

  it('shows what holds and must be known by whoever approves, such as what will be lost', () => {
    const check = { stepId: 'storage-can-follow', override: 'break-glass' } as const;
    const checks = [
      { ...check, ok: true, says: 'All is well.' },
      { ...check, ok: true, says: 'The last 1,200 s (20m) are lost.', warns: true as const },
    ];
    const shown = shownText(card({ state: 'waiting', checks }));
    expect(shown).toContain('2 checks hold');
    expect(shown).toContain('⚠️ The last 1,200 s (20m) are lost.');
    expect(shown).not.toContain('All is well.');
  });

  it('keeps showing that the glass was broken, by whom, why, and whether it was reviewed', () => {
    const breakGlass = { by: ana, reason: 'nobody else is awake', at };
    expect(shownText(card({ state: 'running', breakGlass }))).toContain(
      `🔨 *Break-glass* by <@${ana}>, without approval: “nobody else is awake”. A review by somebody else is owed.`,
    );
    expect(
      shownText(card({ state: 'succeeded', breakGlass: { ...breakGlass, reviewedBy: ben, reviewedAt: at } })),
    ).toContain(`Reviewed by <@${ben}>.`);
  });

  it('folds the steps that are over when the plan is long', () => {
    const steps = Array.from(
      { length: 40 },
      (_, n) => ({ ...samplePlan.steps[1], id: `step-${n}`, says: `Step ${n}` }) as (typeof samplePlan.steps)[number],
    );
    const reports = steps.slice(0, 35).map(({ id }) => done(id));
    const text = shownText(card({ plan: { ...samplePlan, steps }, state: 'running', steps: reports }));
    expect(text).toContain('✅ 35 steps done\n▫️ Step 35');
    expect(text).not.toContain('Step 12');
  });
});
