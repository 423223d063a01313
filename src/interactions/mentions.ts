import { runState } from '../blocks/answers.ts';
import { code } from '../blocks/escape-text.ts';
import { incidentStanding } from '../blocks/incident-answers.ts';
import { say } from '../blocks/message.ts';
import { decide } from './decide.ts';
import { incidentInQuestion, incidentMentions } from './incident-mentions.ts';
import type { MentionHandler } from './interaction.ts';
import { mentionedRun } from './mentioned-run.ts';

function verdict(verb: 'approve' | 'deny'): MentionHandler {
  return {
    verb,
    acts: true,
    async run(about, context) {
      const { runId, seenCode } = await mentionedRun(about, context);
      return decide(context, runId, seenCode, verb);
    },
  };
}

const status: MentionHandler = {
  verb: 'status',
  acts: false,
  async run(about, context) {
    const incident = await incidentInQuestion(about, context);
    if (incident !== undefined) return incidentStanding(await context.incidents.incident(incident));
    const { runId } = await mentionedRun(about, context);
    return runState(await context.operations.run(runId));
  },
};

const help: MentionHandler = {
  verb: 'help',
  acts: false,
  run: async () =>
    say(
      `In a run’s thread: ${code('@stamps approve')}, ${code('@stamps deny')}, ${code('@stamps status')}.`,
      `In an incident’s thread: ${code('@stamps ack')}, ${code('note …')}, ${code('severity P1')}, ${code('assign @…')}, ${code('mitigate')}, ${code('resolve')}, ${code('status')}.`,
      `Anywhere else, name the run: ${code('@stamps approve r-17')}. Everything else: ${code('/stamps help')}.`,
    ),
};

/** What can be said to `@stamps`; Slack does not take slash commands in threads. */
export const mentions: readonly MentionHandler[] = [
  verdict('approve'),
  verdict('deny'),
  ...incidentMentions,
  status,
  help,
];
