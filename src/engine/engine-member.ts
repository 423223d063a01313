import type { Member } from '../domain/person.ts';
import type { Run } from '../domain/run.ts';

/** Who asks when nobody does: the engine itself, for undo on failure or at a lease's end, and by the calendar. */
export const engineMember: Member = { id: 'stamps', teamId: '', name: 'Stamps', groups: [] };

/** Did a person ask for it, who can be called? */
export function hasRequester({ requesterId }: Pick<Run, 'requesterId'>): boolean {
  return requesterId !== engineMember.id;
}
