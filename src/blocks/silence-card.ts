import type { MessageContent } from '../ports/chat.ts';
import type { Silence } from '../ports/incidents.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message, say } from './message.ts';

export const silenceActionIds = { end: 'silence_end', extend: 'silence_extend' } as const;

/** A silence as it stands. */
export interface SilenceView extends Silence {
  readonly state: 'planned' | 'live' | 'ended';
  readonly endedBy?: string;
  /** How many alerts it kept silent, and how many of them still last. */
  readonly kept: number;
  readonly lasting: number;
  /** It ends soon, and people are asked whether that is right. */
  readonly endsSoon?: boolean;
}

/** What is kept silent, escaped: `cell-banking`, `the rule “High memory” in eastus`. */
export function silenced({ match }: Pick<Silence, 'match'>): string {
  const name = (text: string) => cut(escapeText(text), 100);
  const where = match.cell ?? match.region;
  if (match.rule === undefined) return `*${name(where ?? '')}*`;
  return `the rule “${name(match.rule)}”${where === undefined ? '' : ` in *${name(where)}*`}`;
}

/** The living card of a silence: everybody sees what is not told, why, and until when. */
export function silenceCard(view: SilenceView): MessageContent {
  const open = view.state !== 'ended';
  return message(`${headline(view)} (${escapeText(view.id)})`, [
    section(
      headline(view),
      ...(open && view.endsSoon ? ['⏳ It ends soon. Make it longer only if the work goes on.'] : []),
    ),
    plainSection(`Why: ${view.reason}`),
    context(code(view.id), `by ${mention(view.createdBy)}`, counted(view)),
    ...(open ? actions(endNow(view), extend(view)) : []),
  ]);
}

function headline(view: SilenceView): string {
  const what = silenced(view);
  switch (view.state) {
    case 'planned':
      return `🗓️ Maintenance: ${what} will be silent from ${date(view.startsAt, 'day')} to ${date(view.endsAt, 'day')}`;
    case 'live':
      return `🔕 ${what} is silent until ${date(view.endsAt, 'day')}`;
    case 'ended': {
      const by = view.endedBy === undefined || view.endedBy === 'stamps' ? '' : ` by ${mention(view.endedBy)}`;
      return `🔔 The silence of ${what} ended${by} at ${date(view.endedAt ?? view.endsAt, 'day')}`;
    }
  }
}

function counted({ state, kept, lasting }: SilenceView): string {
  const alerts = kept === 1 ? '1 alert was kept silent' : `${kept} alerts were kept silent`;
  if (kept === 0) return state === 'ended' ? 'no alert came' : 'no alert so far';
  return lasting > 0 && state === 'ended' ? `${alerts}; what still lasts is shown now` : alerts;
}

function endNow({ id }: SilenceView) {
  return button({ text: 'End it now', actionId: silenceActionIds.end, value: id });
}

function extend({ id }: SilenceView) {
  return button({ text: '1 hour longer', actionId: silenceActionIds.extend, value: id });
}

/** Whoever asked for it alone sees this. */
export function silenceMade(silence: Silence): MessageContent {
  const { id, startsAt, endsAt } = silence;
  return say(`${code(id)}: ${silenced(silence)} is silent from ${date(startsAt, 'day')} to ${date(endsAt, 'day')}.`);
}

export function silenceOver(silence: Silence): MessageContent {
  return say(`${code(silence.id)}: the silence of ${silenced(silence)} is over. What still fires is shown now.`);
}

/** Everything that is silent now or will be, one a line. */
export function silencesList(silences: readonly { silence: Silence; kept: number }[]): MessageContent {
  if (silences.length === 0) return say('🔔 Nothing is silent.');
  const line = ({ silence, kept }: { silence: Silence; kept: number }) =>
    `${code(silence.id)} ${silenced(silence)} from ${date(silence.startsAt, 'day')} to ${date(silence.endsAt, 'day')}, by ${mention(silence.createdBy)}, ${kept === 1 ? '1 alert' : `${kept} alerts`} so far: ${cut(escapeText(silence.reason), 100)}`;
  return message(silences.length === 1 ? 'One silence' : `${silences.length} silences`, [
    section('*Silences*, the next to end first', ...silences.map(line)),
    context(
      `${code('/stamps silence end <id>')} ends one now`,
      `${code('/stamps silence extend <id> 1h')} makes it longer`,
    ),
  ]);
}
