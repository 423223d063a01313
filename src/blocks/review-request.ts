import type { MessageContent } from '../ports/chat.ts';
import type { RunView } from '../ports/presenter.ts';
import { cut } from './cut.ts';
import { actions, button, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { callApprovers, mention } from './mentions.ts';
import { message } from './message.ts';
import { actionIds, details } from './run-buttons.ts';
import { breakGlassLines } from './run-card.ts';
import { runValue } from './run-state.ts';

/** A break-glass review that is owed; once done it says by whom. */
export function reviewRequest({ run, approvers }: RunView): MessageContent {
  const title = cut(escapeText(run.plan.title), 200);
  const owed = run.breakGlass !== undefined && run.breakGlass.reviewedBy === undefined;
  if (!owed) return message(`Reviewed: ${title}`, [section(`*Break-glass review:* ${title}`), ...breakGlassLines(run)]);
  return message(`Review owed: ${title} ran without approval`, [
    section(
      `*Review owed:* ${title} ran without approval.`,
      `Somebody other than ${mention(run.breakGlass?.by ?? run.requesterId)} should look at what was done and why: ${callApprovers(approvers)}.`,
    ),
    ...breakGlassLines(run),
    ...actions(
      button({
        text: 'I have reviewed it',
        actionId: actionIds.reviewDone,
        value: runValue(run),
        style: 'primary',
        confirm: {
          title: 'Close the review?',
          text: 'Your name goes into the audit log as the one who looked at this break-glass run.',
          yes: 'I have reviewed it',
        },
      }),
      details(run),
    ),
  ]);
}
