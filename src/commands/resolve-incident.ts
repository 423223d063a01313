import { resolvedNow } from '../blocks/incident-answers.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { CommandContext } from './command.ts';

/** Resolves it, whatever way it came, and says what is left behind: alerts that fire, cells still out of service. */
export async function resolveIncident(
  { incidents, operations, member }: Pick<CommandContext, 'incidents' | 'operations' | 'member'>,
  id: string,
): Promise<MessageContent> {
  const incident = await incidents.resolve(id, member);
  const leases = await operations.leases();
  const cellsOut = leases.map(({ subject }) => subject).filter((cell) => incident.cells.includes(cell));
  return resolvedNow(incident, cellsOut);
}
