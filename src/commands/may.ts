import { mayAskAtAll, type Policy } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';

/** Every full member of the workspace. */
export function anyMember(member: Member): boolean {
  return member.barred === undefined;
}

/** Whoever some rule lets ask for this playbook, whatever the cell: the plan itself is judged by the engine. */
export function mayAskFor(playbook: string): (member: Member, policy: Policy) => boolean {
  return (member, policy) => mayAskAtAll(policy, playbook, member);
}
