import type { KnownBlock } from '@slack/types';
import { changes } from '../domain/plan.ts';
import { isOpen, type Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import { blastRadius } from './blast-radius.ts';
import { cut } from './cut.ts';
import { date, lasted } from './date.ts';
import { actions, context, header, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';
import { changeLines, planLines, troubleLines } from './plan-lines.ts';
import { runButtons } from './run-buttons.ts';
import { breakGlassLines } from './run-card.ts';
import { runName, stateWords } from './run-state.ts';

/** All that is known of a run: plan, checks, every step with what was found and how long it took, decisions. */
export function runDetails(run: Run): MessageContent {
  const { plan } = run;
  const trouble = troubleLines(run);
  const blocks: KnownBlock[] = [
    header(plan.title),
    section(`*${stateWords[run.state]}*`, ...(run.stateReason === '' ? [] : [cut(escapeText(run.stateReason), 1000)])),
    ...breakGlassLines(run),
    ...(trouble.length > 0 ? [section(...trouble)] : []),
    plainSection(`Why: ${plan.reason}`),
    ...titled('What it changes', changeLines(changes(plan))),
    ...titled('Steps', run.steps.length === 0 ? planLines(run, 40) : run.steps.map((step) => reportLine(run, step))),
    ...titled(
      'Checks when it was planned',
      run.checks.map(
        ({ ok, warns, says }) =>
          `${ok ? (warns ? '⚠️ holds, with a warning' : '☑️ holds') : '⛔ does not hold'}: ${cut(escapeText(says), 200)}`,
      ),
    ),
    section(...blastRadius(plan), `*Undo:* ${cut(escapeText(plan.undo), 500)}`),
    ...titled('Decisions', decisionLines(run)),
    context(
      `${mention(run.requesterId)} asked at ${date(run.requestedAt, 'day')}`,
      runName(run),
      ...(run.undoes === undefined ? [] : [`undoes ${code(run.undoes)}`]),
    ),
    ...(isOpen(run.state) || run.state === 'succeeded'
      ? actions(...runButtons(run).filter(({ text }) => text.text !== 'Details'))
      : []),
  ];
  return message(`${escapeText(run.id)}: ${cut(escapeText(plan.title), 200)}`, blocks);
}

function titled(title: string, lines: readonly string[]): KnownBlock[] {
  return lines.length === 0 ? [] : [section(`*${title}*`, ...lines)];
}

function reportLine(run: Run, report: Run['steps'][number]): string {
  const says = run.plan.steps.find(({ id }) => id === report.stepId)?.says ?? report.stepId;
  const took =
    report.finishedAt === undefined ? `since ${date(report.startedAt)}` : lasted(report.startedAt, report.finishedAt);
  return `${cut(escapeText(says), 120)} — *${report.state}*, ${took}${report.says === '' ? '' : `: ${cut(escapeText(report.says), 160)}`}`;
}

function decisionLines(run: Run): string[] {
  return run.decisions.map(({ personId, verdict, at, planHash }) => {
    const old = planHash === run.planHash ? '' : ', on an older plan: it does not count';
    return `${mention(personId)} ${verdict === 'approve' ? 'approved' : 'denied'} at ${date(at)}${old}`;
  });
}
