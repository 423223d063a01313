import type { Policy } from '../domain/approval.ts';
import type { Estate } from '../domain/estate.ts';
import type { Database } from '../engine/database.ts';
import type { CalledGroup, IncidentPresenter } from '../ports/incident-presenter.ts';
import type { PeoplePort } from '../ports/people.ts';

/** What every part that moves incidents works with. */
export interface IncidentContext {
  readonly database: Database;
  readonly estate: Estate;
  readonly policy: Policy;
  readonly presenter: IncidentPresenter;
  /** A status page is configured. */
  readonly statusPage: boolean;
}

/** What is needed besides where people work with incidents. */
export interface IncidentDeskContext extends IncidentContext {
  readonly people: PeoplePort;
}

/** Groups of the policy as Slack calls them. */
export function calledGroups({ groups }: Policy, names: readonly string[]): CalledGroup[] {
  return names.map((group) => {
    const { slackGroup, people = [] } = groups[group] ?? {};
    return { group, people, ...(slackGroup === undefined ? {} : { slackGroup }) };
  });
}
