import type { KnownBlock } from '@slack/types';
import { changes, planCode } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { RunView } from '../ports/presenter.ts';
import { blastRadius } from './blast-radius.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { callApprovers, isPerson, mention } from './mentions.ts';
import { message } from './message.ts';
import { changeLines } from './plan-lines.ts';
import { approvalButtons, details } from './run-buttons.ts';
import { runName, stateWords } from './run-state.ts';

/** Who may approve, and all that they need to judge the plan in ten seconds. Once decided it says how, without buttons. */
export function approvalRequest(view: RunView): MessageContent {
  const { run } = view;
  const title = cut(escapeText(run.plan.title), 200);
  const decided = run.decisions
    .filter(({ planHash }) => planHash === run.planHash)
    .map(
      ({ personId, verdict, at }) =>
        `${verdict === 'approve' ? '✅ Approved' : '🚫 Denied'} by ${mention(personId)} at ${date(at)}`,
    );

  if (run.state !== 'waiting') {
    // Says nothing of the progress: the card does, and this message need not be written again for it.
    const verdict = verdictOf(run);
    return message(`${verdict}: ${title}`, [section(`*${verdict}:* ${title}`, ...decided), context(runName(run))]);
  }

  const missing = Math.max(0, view.approvals.needed - view.approvals.given);
  const wanted = missing === 1 ? 'One approval' : `${missing} approvals`;
  return message(`Approval wanted: ${title}`, [
    section(
      `*Approval wanted:* ${title}`,
      `${wanted} until ${date(run.expiresAt)}, from ${callApprovers(view.approvers)}${isPerson(run.requesterId) ? `; not from ${mention(run.requesterId)}, who asked` : ''}.`,
      ...decided,
    ),
    plainSection(`Why: ${run.plan.reason}`),
    ...warnings(run),
    section('*What it changes*', ...changeLines(changes(run.plan))),
    section(...blastRadius(run.plan), `*Undo:* ${cut(escapeText(run.plan.undo), 500)}`),
    ...actions(...approvalButtons(run), details(run)),
    context(
      runName(run),
      `You approve exactly this plan; a changed one asks again. Or write ${code(`@stamps approve ${planCode(run.planHash)}`)} here.`,
    ),
  ]);
}

/** What holds and must be known all the same, such as what is lost. */
function warnings({ checks }: Run): KnownBlock[] {
  const said = checks.filter(({ ok, warns }) => ok && warns);
  return said.length === 0 ? [] : [section(...said.map(({ says }) => `⚠️ ${cut(escapeText(says), 500)}`))];
}

function verdictOf(run: Run): string {
  if (['denied', 'expired', 'cancelled', 'refused'].includes(run.state)) return stateWords[run.state];
  return run.breakGlass === undefined ? '✅ Approved' : '🔨 Went ahead by break-glass, without approval';
}
