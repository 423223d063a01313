import type { RunView } from '../ports/presenter.ts';
import { cutList } from './cut.ts';
import { code, escapeText } from './escape-text.ts';

/** A person's live mention; an id that is not Slack's is shown as a code, so that nothing else can come alive. */
export function mention(personId: string): string {
  return isPerson(personId) ? `<@${personId}>` : code(personId);
}

/** Slack's id of a person; what asked by itself has none. */
export function isPerson(id: string): boolean {
  return /^[UW][A-Z0-9]{1,30}$/.test(id);
}

/** A user group's live mention, by the same rule. */
export function mentionGroup(slackGroupId: string): string {
  return /^S[A-Z0-9]{1,30}$/.test(slackGroupId) ? `<!subteam^${slackGroupId}>` : code(slackGroupId);
}

/** Who may approve, called by name: the Slack user group where there is one, else its people. */
export function callApprovers(approvers: RunView['approvers']): string {
  const called = approvers.map(({ group, slackGroup, onCall, people }) => {
    if (slackGroup !== undefined) return mentionGroup(slackGroup);
    if (people.length > 0) return cutList(people.map(mention), 5);
    return `${escapeText(group)} (${onCall ? 'on call in PagerDuty' : 'nobody is in it'})`;
  });
  return called.length > 0 ? cutList(called, 5) : 'nobody: no policy rule allows this plan';
}

/** The groups by name, waking nobody. */
export function groupNames(approvers: RunView['approvers']): string {
  return approvers.length > 0
    ? cutList(
        approvers.map(({ group }) => escapeText(group)),
        5,
      )
    : 'nobody';
}
