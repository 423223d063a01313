import { type Token, words } from '../domain/command-line.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { unknownCommand } from './help.ts';

/** Slack itself takes a little more; nobody types so much on purpose. */
export const longestCommand = 3_000;

/**
 * The command that a line begins with, and what stands behind its name. An empty line asks for help.
 * Throws `not-found` with the nearest commands, `bad-input` when the line is too long.
 */
export function findCommand(commands: readonly Command[], line: string): { command: Command; text: string } {
  if (line.length > longestCommand) {
    throw new OpsError('bad-input', `That is too long: ${line.length} characters, ${longestCommand} at most.`, {
      hint: 'Keep the reason short, and put the detail into the thread.',
    });
  }
  const [first, second] = firstTwo(line);
  const named = (name: string) => commands.find((command) => command.name === name);
  if (first === undefined) return { command: named('help') as Command, text: '' };
  const one = first.text.toLowerCase();
  const two = second === undefined ? one : `${one} ${second.text.toLowerCase()}`;
  const longer = second === undefined ? undefined : named(two);
  if (longer && second) return { command: longer, text: line.slice(second.end) };
  const short = named(one);
  if (short) return { command: short, text: line.slice(first.end) };
  const begins = commands.some(({ name }) => name.startsWith(`${one} `));
  throw unknownCommand(begins ? two : one, commands);
}

/** The second may be the beginning of an argument with a quote that is not closed: then it is no part of a name. */
function firstTwo(line: string): [Token?, Token?] {
  const found: [Token?, Token?] = [];
  try {
    for (const token of words(line)) {
      found.push(token);
      if (found.length === 2) break;
    }
  } catch (error) {
    if (found.length === 0) throw error;
  }
  return found;
}
