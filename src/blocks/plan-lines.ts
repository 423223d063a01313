import type { ChangeStep, Step } from '../domain/plan.ts';
import type { Run, StepReport } from '../domain/run.ts';
import { cut } from './cut.ts';
import { difference } from './difference.ts';
import { escapeText } from './escape-text.ts';

const marks: Readonly<Record<StepReport['state'], string>> = {
  running: '▶️',
  done: '✅',
  already: '✅',
  failed: '❌',
  drifted: '⚠️',
  undone: '↩️',
  skipped: '⏭️',
};

const words: Readonly<Record<StepReport['state'], string>> = {
  running: '*now*',
  done: 'done',
  already: 'was so already',
  failed: '*failed*',
  drifted: '*found something else*',
  undone: 'taken back',
  skipped: 'skipped',
};

/** The newest report of each step: a retry or an undo reports again. */
export function newestReports(run: Run): Map<string, StepReport> {
  return new Map(run.steps.map((report) => [report.stepId, report]));
}

/** The plan as lines with live marks; checks are left out unless they went wrong. Long plans fold what is over. */
export function planLines(run: Run, most = 12): string[] {
  const reports = newestReports(run);
  const wrong = (step: Step) => ['failed', 'drifted'].includes(reports.get(step.id)?.state ?? '');
  const steps = run.plan.steps.filter((step) => step.kind !== 'check' || wrong(step));
  const lines = steps.map((step) => stepLine(step, reports.get(step.id)));
  const over = steps.findIndex((step) => !['done', 'already'].includes(reports.get(step.id)?.state ?? ''));
  const folded = over === -1 ? steps.length - 1 : over;
  if (lines.length <= most || folded < 2) return lines;
  return [`✅ ${folded} steps done`, ...lines.slice(folded)];
}

function stepLine(step: Step, report: StepReport | undefined): string {
  const says = cut(escapeText(step.says), 200);
  // A sentence goes on behind its dash.
  return report === undefined
    ? `▫️ ${says}`
    : `${marks[report.state]} ${says.replace(/\.$/, '')} — ${words[report.state]}`;
}

/** What a change does to its resource, escaped: for those who must judge the very plan. */
export function changeLines(steps: readonly ChangeStep[]): string[] {
  return steps.map((step, index) => {
    const change = difference(step.before, step.after);
    const says = `${index + 1}. ${cut(escapeText(step.says), 300)}`;
    // What the step says itself, as those that put something back do, is not said again below it.
    const said = step.says.includes(' → ') || step.says.includes(change.replace(/^\w+: /, ''));
    if (step.resource.kind === 'lease' || said) return says;
    return `${says}\n      ${cut(escapeText(change), 200)}`;
  });
}

/** What went wrong where, in words; for a drift, what was expected and what was found. Escaped. */
export function troubleLines(run: Run): string[] {
  const reports = newestReports(run);
  return run.plan.steps.flatMap((step) => {
    const report = reports.get(step.id);
    if (report?.state === 'failed') {
      return [`*Failed:* ${cut(escapeText(step.says), 200)}`, cut(escapeText(report.says), 600)];
    }
    if (report?.state !== 'drifted') return [];
    const found =
      step.kind === 'change' && report.found !== undefined
        ? `Expected → found:  ${difference(step.before, report.found)}`
        : report.says;
    return [
      `*Changed by somebody else since the plan was made:* ${cut(escapeText(step.says), 200)}`,
      cut(escapeText(found), 600),
    ];
  });
}
