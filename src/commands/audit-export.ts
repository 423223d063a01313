import { code } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { mayOperate } from '../domain/approval.ts';
import type { Command } from './command.ts';

export const auditExport: Command = {
  name: 'audit export',
  usage: 'audit export',
  summary: 'Get the audit log as a file in a direct message',
  examples: ['audit export'],
  acts: true,
  may: (member, policy) => mayOperate(policy, member),

  async run(_text, { operations, member, chat, clock }) {
    const text = await operations.exportAudit(member);
    const channel = await chat.directChannel(member.id);
    const stamp = new Date(clock.now()).toISOString().replaceAll(':', '').slice(0, 15);
    await chat.upload({ channel }, { name: `audit-${stamp}Z.jsonl`, title: 'Stamps audit log', text });
    return say(
      'The audit log is in your direct messages with Stamps.',
      `${code('npm run audit -- verify <file>')} checks it without any access.`,
    );
  },
};
