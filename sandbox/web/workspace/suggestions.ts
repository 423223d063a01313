/** One way to go on typing. */
export interface Suggestion {
  /** The whole text after it is taken. */
  readonly text: string;
  readonly label: string;
  readonly hint: string;
}

/** What a command may be about. */
export interface Places {
  readonly cells: readonly string[];
  readonly regions: readonly string[];
}

/** In a thread there are no commands. */
export const noPlaces: Places = { cells: [], regions: [] };

/** The commands that the composer knows; the app's own help is the authority. */
const commands: readonly (readonly [name: string, usage: string, hint: string])[] = [
  ['help', '', 'what you may do'],
  ['isolate', '<cell> for 4h because <reason>', 'take a cell out of service'],
  ['restore', '<cell>', 'bring a cell back exactly as it was'],
  ['assess', '', 'look at all regions side by side'],
  ['failover', '<region> to <region> because <reason>', 'serve a region from another'],
  ['failback', '<region>', 'bring clients and data back'],
  ['drill', '<region> for 15m', 'a failover for a while, measured and put back'],
  ['recover', '<cell>', 'to when its data can be restored'],
  ['global-outage', 'because <what is seen>', 'open a P0 and look at everything'],
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

const takesCell = /^\/stamps (isolate|restore|lease extend|recover) (\S*)$/i;
const takesRegion = /^\/stamps (failover|failback|drill) (\S*)$/i;
const mentions: readonly (readonly [string, string])[] = [
  ['approve', 'approve the plan of this thread'],
  ['deny', 'refuse the plan of this thread'],
  ['status', 'how this run stands'],
];
const most = 8;

/** How to go on from this text. Nothing is suggested that is typed already. */
export function suggest(text: string, { places, inThread }: { places: Places; inThread: boolean }): Suggestion[] {
  return [...(inThread ? [] : slash(text, places)), ...mention(text, inThread)]
    .filter((suggestion) => suggestion.text.trimEnd() !== text.trimEnd())
    .slice(0, most);
}

function slash(text: string, { cells, regions }: Places): Suggestion[] {
  const [cell, region] = [takesCell.exec(text), takesRegion.exec(text)];
  const [, command = '', typed = ''] = cell ?? region ?? [];
  if (command !== '') {
    return (cell ? cells : regions)
      .filter((name) => name.includes(typed.toLowerCase()))
      .map((name) => ({ text: `/stamps ${command} ${name} `, label: name, hint: cell ? 'cell' : 'region' }));
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
