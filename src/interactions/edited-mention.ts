import { say } from '../blocks/message.ts';

/** Who corrects a message to `@stamps` expects something of it, and must know that nothing came of it. */
export const editedMention = say(
  '✏️ Editing a message does nothing here: only what it said when you sent it counts. To say something else, send a new message.',
);
