import { commandHelp, helpCard } from '../blocks/help-card.ts';
import { nearest, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

/** Needs to know the others: only what the person may use is shown. */
export function createHelp(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help [command]',
    summary: 'Show what you can do',
    examples: ['help', 'help isolate'],
    acts: false,
    may: anyMember,

    async run(text, { member, policy }) {
      const allowed = commands().filter((command) => command.may(member, policy));
      const wanted = text.trim().toLowerCase().replace(/\s+/gu, ' ');
      if (wanted === '') return helpCard(allowed);
      const found = allowed.find(({ name }) => name === wanted);
      if (found) return commandHelp(found);
      throw unknownCommand(wanted, allowed);
    },
  };
}

export function unknownCommand(typed: string, commands: readonly Command[]): OpsError {
  const near = nearest(
    typed,
    commands.map(({ name }) => name),
  );
  return new OpsError('not-found', `There is no command “${shown(typed)}”.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map((name) => `\`/stamps ${name}\``).join(' or ')}?`
        : '`/stamps help` lists what you can do.',
  });
}
