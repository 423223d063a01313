/** One way to go on typing. */
export interface Suggestion {
  /** The whole text after it is taken. */
  readonly text: string;
  readonly label: string;
  readonly hint: string;
}

/** The commands that the composer knows; the app's own help is the authority. */
const commands: readonly (readonly [name: string, usage: string, hint: string])[] = [
  ['help', '', 'what you may do'],
  ['isolate', '<cell> for 4h because <reason>', 'take a cell out of service'],
  ['restore', '<cell>', 'bring a cell back exactly as it was'],
  ['status', '', 'cells with their state, leases and runs'],
  ['runs', '', 'what runs and what ran'],
  ['run', '<run>', 'one run in detail'],
  ['cancel', '<run>', 'stop a run at its next step'],
  ['undo', '<run>', 'take back what a run did'],
  ['lease extend', '<cell> <duration>', 'keep a cell out for longer'],
  ['pause', '<reason>', 'stop every run at its next step'],
  ['resume', '', 'let runs go on'],
  ['break-glass', '<run> <reason>', 'go on without approval; a review follows'],
  ['estate check', '', 'compare the estate file with live Azure'],
  ['audit export', '', 'the audit log as a file'],
];

const takesCell = /^\/stamps (isolate|restore|lease extend) (\S*)$/i;
const mentions: readonly (readonly [string, string])[] = [
  ['approve', 'approve the plan of this thread'],
  ['deny', 'refuse the plan of this thread'],
  ['status', 'how this run stands'],
];
const most = 8;

/** How to go on from this text. Nothing is suggested that is typed already. */
export function suggest(text: string, context: { cells: readonly string[]; inThread: boolean }): Suggestion[] {
  return [...(context.inThread ? [] : slash(text, context.cells)), ...mention(text, context.inThread)]
    .filter((suggestion) => suggestion.text.trimEnd() !== text.trimEnd())
    .slice(0, most);
}

function slash(text: string, cells: readonly string[]): Suggestion[] {
  const cell = takesCell.exec(text);
  if (cell) {
    const [, command = '', typed = ''] = cell;
    return cells
      .filter((name) => name.includes(typed.toLowerCase()))
      .map((name) => ({ text: `/stamps ${command} ${name} `, label: name, hint: 'cell' }));
  }
  if (!text.startsWith('/')) return [];
  return commands
    .filter(([name]) => `/stamps ${name}`.startsWith(text.toLowerCase()))
    .map(([name, usage, hint]) => ({
      text: `/stamps ${name}${usage === '' ? '' : ' '}`,
      label: `/stamps ${name} ${usage}`.trimEnd(),
      hint,
    }));
}

function mention(text: string, inThread: boolean): Suggestion[] {
  const typed = /^@stamps (\w*)$/i.exec(text)?.[1];
  if (typed !== undefined && inThread) {
    return mentions
      .filter(([verb]) => verb.startsWith(typed.toLowerCase()))
      .map(([verb, hint]) => ({ text: `@stamps ${verb}`, label: `@stamps ${verb}`, hint }));
  }
  const word = /(^|\s)@(\w*)$/.exec(text)?.[2];
  if (word === undefined || !'stamps'.startsWith(word.toLowerCase())) return [];
  return [{ text: `${text.slice(0, text.length - word.length)}stamps `, label: '@stamps', hint: 'the Stamps app' }];
}
