import type { DeclaredRules } from '../domain/alert-rule.ts';
import type { ApprovalRule, Policy } from '../domain/approval.ts';
import type { Estate } from '../domain/estate.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Act, Check } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { PeoplePort } from '../ports/people.ts';
import type { Playbook } from '../ports/playbook.ts';
import type { Presenter } from '../ports/presenter.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import type { Database } from './database.ts';
import type { Replica } from './replica.ts';

/** What every part of the engine works with. */
export interface EngineContext {
  readonly database: Database;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the process is about to end. */
  readonly stopping: AbortSignal;
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: AzurePorts | undefined;
  readonly alertRules?: DeclaredRules | undefined;
  readonly people: PeoplePort;
  readonly presenter: Presenter;
  readonly playbooks: readonly Playbook[];
  /** By kind, `lease` among them. */
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  readonly checks: Readonly<Record<string, Check>>;
  readonly acts: Readonly<Record<string, Act>>;
}

/** The groups of a rule's approvers, as people and Slack groups. */
export function approversOf(
  policy: Policy,
  rule: ApprovalRule | undefined,
): { group: string; slackGroup?: string; onCall?: boolean; people: readonly string[] }[] {
  return (rule?.approvers ?? []).map((group) => {
    const { slackGroup, onCall, people = [] } = policy.groups[group] ?? {};
    return {
      group,
      people,
      ...(slackGroup !== undefined && { slackGroup }),
      ...(onCall !== undefined && { onCall: true }),
    };
  });
}
