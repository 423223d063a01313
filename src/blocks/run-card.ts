import type { KnownBlock } from '@slack/types';
import { isOpen, type Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { RunView } from '../ports/presenter.ts';
import { blastRadius } from './blast-radius.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { actions, context, header, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';
import { planLines, troubleLines } from './plan-lines.ts';
import { runButtons } from './run-buttons.ts';
import { runName, stateDetail, stateWords } from './run-state.ts';

/**
 * The living card of a run. Read on a phone at night, so: what, how it stands, why and who; then the plan with live
 * marks, who is hurt, the way back; then what can be done. Everything else is in the thread and behind Details.
 */
export function runCard(view: RunView): MessageContent {
  const { run } = view;
  const detail = stateDetail(view);
  const state = `*${stateWords[run.state]}*${detail === undefined ? '' : ` — ${detail}`}`;
  const before = isOpen(run.state) || run.state === 'refused';
  return message(notification(run), [
    header(run.plan.title),
    section(
      state,
      ...(run.stateReason === '' || run.state === 'refused' ? [] : [cut(escapeText(run.stateReason), 1000)]),
    ),
    ...breakGlassLines(run),
    ...trouble(run),
    plainSection(`Why: ${run.plan.reason}`),
    section('*Plan*', ...checksLine(run), ...planLines(run)),
    ...(before ? [section(...blastRadius(run.plan), `*Undo:* ${cut(escapeText(run.plan.undo), 500)}`)] : []),
    context(
      `${mention(run.requesterId)} asked at ${date(run.requestedAt)}`,
      ...approvedBy(run),
      runName(run),
      ...(run.undoes === undefined ? [] : [`undoes ${code(run.undoes)}`]),
    ),
    ...actions(...runButtons(run)),
  ]);
}

/** Who let this very plan go ahead. */
function approvedBy(run: Run): string[] {
  const who = run.decisions.filter(({ verdict, planHash }) => verdict === 'approve' && planHash === run.planHash);
  return who.length === 0
    ? []
    : [
        `approved by ${cutList(
          who.map(({ personId }) => mention(personId)),
          4,
        )}`,
      ];
}

/** What a locked phone shows. */
export function notification(run: Run): string {
  return `${stateWords[run.state]}: ${cut(escapeText(run.plan.title), 200)} (${escapeText(run.id)})`;
}

export function breakGlassLines({ breakGlass }: Run): KnownBlock[] {
  if (breakGlass === undefined) return [];
  const review =
    breakGlass.reviewedBy === undefined
      ? 'A review by somebody else is owed.'
      : `Reviewed by ${mention(breakGlass.reviewedBy)}.`;
  return [
    section(
      `🔨 *Break-glass* by ${mention(breakGlass.by)}, without approval: “${cut(escapeText(breakGlass.reason), 300)}”. ${review}`,
    ),
  ];
}

/** One line for the guards: how many hold, each whose answer people must know, and each that does not hold. */
function checksLine(run: Run): string[] {
  if (run.checks.length === 0) return [];
  const failed = run.checks.filter(({ ok }) => !ok);
  const held = run.checks.length - failed.length;
  const warning = run.checks.filter(({ ok, warns }) => ok && warns);
  return [
    ...(held > 0 ? [`☑️ ${held === 1 ? '1 check holds' : `${held} checks hold`}`] : []),
    ...warning.map(({ says }) => `⚠️ ${cut(escapeText(says), 500)}`),
    ...failed.map(
      ({ says, override }) =>
        `⛔ ${cut(escapeText(says), 500)}${override === 'never' ? ' — never overridden' : ' — break-glass may go past it'}`,
    ),
  ];
}

function trouble(run: Run): KnownBlock[] {
  const lines = troubleLines(run);
  if (run.state === 'refused' && run.checks.some(({ ok }) => !ok)) {
    const open = run.checks.every(({ ok, override }) => ok || override === 'break-glass');
    return open
      ? [
          section(
            `Nothing was changed. If it must be, the on-call may: ${code(`/stamps break-glass ${run.id} <reason>`)}`,
          ),
        ]
      : [section('Nothing was changed, and no one can override this guard.')];
  }
  if (lines.length === 0) return [];
  const now =
    run.state === 'stopped'
      ? [
          '*Try again* goes on with the rest; if the world has changed, the new plan asks for approval again.',
          '*Undo* puts back what was there.',
        ]
      : [];
  return [section(...lines, ...now)];
}
