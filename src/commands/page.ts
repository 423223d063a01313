import { escapeText } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { findTarget } from '../domain/page-target.ts';
import { OpsError } from '../errors.ts';
import { reason } from './arguments.ts';
import type { Command } from './command.ts';

export const page: Command = {
  name: 'page',
  usage: 'page <policy or person> [because] <why>',
  summary: 'Wake a team or a person through PagerDuty',
  examples: ['page Platform because card payments time out', 'page ben because I need a second pair of eyes'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { onCall, incoming, member, policy }) {
    const channel = cardChannel(incoming.channel, policy.incidents.channel);
    const { target, why } = findTarget(await onCall.targets(), text);
    await onCall.page({ key: incoming.key, target, why: reason(why), channel }, member);
    return say(`📟 ${escapeText(target.name)} is being paged. The card in <#${channel}> says what becomes of it.`);
  },
};

/** In a direct conversation nobody else would see that somebody was woken. */
function cardChannel(typedIn: string, incidents: string | undefined): string {
  const channel = typedIn.startsWith('D') ? incidents : typedIn;
  if (channel !== undefined) return channel;
  throw new OpsError('refused', 'Type this in a channel, where others see who was paged.', {
    hint: 'Or name a channel under `incidents` in the policy file.',
  });
}
