import { code, escapeText } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { stateWords } from '../blocks/run-state.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Member } from '../domain/person.ts';
import { planCode } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { Operations } from '../ports/operations.ts';

/** Who asks, where the card will stand, and the key that makes one run of repeated deliveries. */
export interface Asking {
  readonly operations: Pick<Operations, 'request' | 'undo'>;
  readonly member: Member;
  readonly channel: string;
  readonly key: string;
}

/** Asks for a playbook and says what became of it. */
export async function requestRun(asking: Asking, playbook: string, input: JsonObject): Promise<MessageContent> {
  const { operations, member, key } = asking;
  const channel = sharedChannel(asking.channel);
  return requested(await operations.request({ requestKey: key, playbook, input, requester: member, channel }));
}

/** Asks to take a run back. */
export async function requestUndo(asking: Asking, runId: string): Promise<MessageContent> {
  return requested(await asking.operations.undo(runId, asking.member, asking.key, sharedChannel(asking.channel)));
}

/** A card in a direct conversation would be seen by nobody who could approve it. */
function sharedChannel(channel: string): string {
  if (!channel.startsWith('D')) return channel;
  throw new OpsError('refused', 'This must be asked for in a channel, where others see the plan and can approve it.', {
    hint: 'Type the same in the incident channel.',
  });
}

function requested(run: Run): MessageContent {
  const name = `${code(run.id)}, plan ${code(planCode(run.planHash))}`;
  const title = escapeText(run.plan.title);
  switch (run.state) {
    case 'waiting':
      return say(`Planned: ${title} (${name}).`, 'It waits for approval by somebody else; the card is in the channel.');
    case 'refused':
      return say(`Refused: ${title} (${name}). Nothing was changed; the card in the channel says why.`);
    case 'queued':
    case 'running':
      return say(`On its way: ${title} (${name}). The card in the channel shows each step.`);
    default:
      return say(`${stateWords[run.state]}: ${title} (${name}).`);
  }
}
