import { randomUUID } from 'node:crypto';
import { say } from '../blocks/message.ts';
import { problem, unexpected } from '../blocks/problem.ts';
import { findCommand } from '../commands/find-command.ts';
import { commands } from '../commands/index.ts';
import { tokenize } from '../domain/command-line.ts';
import { type Estate, nearest, shown } from '../domain/estate.ts';
import type { Member } from '../domain/person.ts';
import type { InboxParts } from '../engine/inbox.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { ChatPort, MessageContent } from '../ports/chat.ts';
import type {
  FieldErrors,
  Incoming,
  IncomingAction,
  IncomingCommand,
  IncomingMention,
  IncomingSubmission,
} from '../ports/incoming.ts';
import type { Logger } from '../ports/logger.ts';
import { answer } from './answer.ts';
import { editedMention } from './edited-mention.ts';
import { publishHome } from './home-opened.ts';
import { actions, mentions, submissions } from './index.ts';
import type { InteractionServices } from './interaction.ts';
import { messagePinned } from './message-pinned.ts';
import { refuseBarred } from './refuse-barred.ts';

export interface IncomingDeps extends InteractionServices {
  readonly logger: Logger;
}

/** What is to be done once it is known who asked; `acts`: the person is looked up anew. */
interface Task {
  readonly acts: boolean;
  run(member: Member): Promise<MessageContent | undefined>;
  /** It was not said to us: what goes wrong is nothing to tell people of. */
  readonly quiet?: boolean;
  /** What may follow once the person has their answer; its failure is not their concern. */
  readonly afterwards?: (member: Member) => Promise<void>;
}

/**
 * Does what somebody typed, pressed or wrote, and answers them, errors too: what went wrong is told to the person,
 * and what is a bug is logged beside the reference that they get. What it requests carries the incoming key, so that
 * doing the same again does nothing twice. Rejects only when all of it should be tried again: the database was away,
 * this replica was taken over, or Slack did not take the answer.
 */
export function createIncomingHandler(deps: IncomingDeps): (incoming: Incoming) => Promise<void> {
  return async (incoming) => {
    const logger = deps.logger.child({ incoming: incoming.type, key: incoming.key, person: incoming.personId });
    const task = taskOf(deps, incoming);
    let member: Member | undefined;
    let content: MessageContent | undefined;
    try {
      member = await deps.people.member(incoming.personId, { fresh: task.acts });
      refuseBarred(member);
      content = await task.run(member);
    } catch (error) {
      if (isOpsError(error) && (error.code === 'fenced' || (error.transient && error.service === 'PostgreSQL')))
        throw error;
      const told = explained(error, logger);
      content = task.quiet ? undefined : told;
    }
    if (content !== undefined) await tell(deps.chat, incoming, content, logger);
    if (member === undefined || member.barred !== undefined || task.afterwards === undefined) return;
    await task.afterwards(member).catch((error: unknown) => logger.warn({ err: error }, 'App Home was not drawn anew'));
  };
}

/** Tells somebody that what they did is not worked on any more. */
export function createLeaver({ chat, logger }: Pick<IncomingDeps, 'chat' | 'logger'>): InboxParts['leave'] {
  const hint = 'Look at how things stand now, then do it again if it is still wanted.';
  const reasons = {
    'too late': new OpsError('expired', 'Stamps could not get to this in time, so it was not done.', { hint }),
    'too many tries': new OpsError('unavailable', 'Stamps tried this several times and did not come to its end.', {
      hint,
    }),
  };
  return (incoming, why) => tell(chat, incoming, problem(reasons[why]), logger);
}

async function tell(chat: ChatPort, incoming: Incoming, content: MessageContent, logger: Logger): Promise<void> {
  try {
    await answer(chat, incoming, content);
  } catch (error) {
    if (isOpsError(error) && error.transient) throw error;
    logger.error({ err: error }, 'the answer did not reach the person');
  }
}

function explained(error: unknown, logger: Logger): MessageContent {
  if (isOpsError(error)) {
    logger.info({ code: error.code, says: error.message }, 'answered with a refusal or a fault');
    return problem(error);
  }
  const reference = randomUUID().slice(0, 8);
  logger.error({ err: error, reference }, 'a bug');
  return unexpected(reference);
}

/** Faults of a submission's fields, found at once: Slack waits for them. Undefined: none. */
export function fieldErrors(incoming: Incoming, estate: Estate): FieldErrors | undefined {
  if (incoming.type !== 'submission') return undefined;
  const handler = submissions.find(({ callbackId }) => callbackId === incoming.callbackId);
  const faults = handler?.validate(incoming.values, estate) ?? {};
  return Object.keys(faults).length > 0 ? faults : undefined;
}

/** What can't be understood is a task as well, so that who may do nothing is told just that. */
function taskOf(deps: IncomingDeps, incoming: Incoming): Task {
  try {
    return understood(deps, incoming);
  } catch (error) {
    return { acts: false, run: () => Promise.reject(error) };
  }
}

function understood(deps: IncomingDeps, incoming: Incoming): Task {
  switch (incoming.type) {
    case 'command':
      return commandTask(deps, incoming);
    case 'action':
      return actionTask(deps, incoming);
    case 'submission':
      return submissionTask(deps, incoming);
    case 'mention':
      return mentionTask(deps, incoming);
    case 'edit':
      return { acts: false, run: async () => editedMention };
    case 'pin':
      return { acts: true, quiet: true, run: (member) => messagePinned({ ...deps, member, incoming }) };
    case 'home':
      return { acts: false, run: async (member) => void (await publishHome({ ...deps, member, incoming })) };
  }
}

function commandTask(deps: IncomingDeps, incoming: IncomingCommand): Task {
  const { command, text } = findCommand(commands, incoming.text);
  return {
    acts: command.acts,
    async run(member) {
      if (command.may(member, deps.policy)) {
        if (command.meanwhile !== undefined) await tellMeanwhile(deps, incoming, command.meanwhile);
        return command.run(text, { ...deps, member, incoming });
      }
      throw new OpsError('not-allowed', `You may not use “/stamps ${command.name}”.`, {
        hint: '`/stamps help` shows what you may do.',
      });
    },
  };
}

/** A word before what takes longer. Without it, what was asked for is done all the same. */
async function tellMeanwhile({ chat, logger }: IncomingDeps, incoming: IncomingCommand, words: string): Promise<void> {
  await chat
    .respond(incoming.responseUrl, say(words))
    .catch((error: unknown) => logger.warn({ err: error }, 'the word before the answer did not reach the person'));
}

function actionTask(deps: IncomingDeps, incoming: IncomingAction): Task {
  const handler = actions.find(({ actionId }) => actionId === incoming.actionId);
  if (!handler) throw tooOld('button');
  return {
    acts: handler.acts,
    run: (member) => handler.run({ ...deps, member, incoming }),
    // A click in App Home: what stands there is no longer so.
    ...(handler.acts &&
      incoming.channel === undefined && { afterwards: (member) => publishHome({ ...deps, member, incoming }) }),
  };
}

function submissionTask(deps: IncomingDeps, incoming: IncomingSubmission): Task {
  const handler = submissions.find(({ callbackId }) => callbackId === incoming.callbackId);
  if (!handler) throw tooOld('form');
  return { acts: handler.acts, run: (member) => handler.run({ ...deps, member, incoming }) };
}

function mentionTask(deps: IncomingDeps, incoming: IncomingMention): Task {
  const [verb = 'help', ...about] = tokenize(incoming.text).map(({ text }) => text);
  const handler = mentions.find((known) => known.verb === verb.toLowerCase());
  if (!handler) {
    const near = nearest(
      verb,
      mentions.map((known) => known.verb),
    )[0];
    throw new OpsError('not-found', `“${shown(verb)}” is not something that can be said to @stamps.`, {
      hint: near === undefined ? 'Say `@stamps help`.' : `Did you mean \`@stamps ${near}\`?`,
    });
  }
  return { acts: handler.acts, run: (member) => handler.run(about, { ...deps, member, incoming }) };
}

function tooOld(what: string): OpsError {
  return new OpsError('bad-input', `This ${what} is from another version of Stamps and does nothing any more.`, {
    hint: '`/stamps help` shows what you can do.',
  });
}
