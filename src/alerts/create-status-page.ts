import type { EffectHandler } from '../engine/effects.ts';
import type { Loop } from '../engine/loops.ts';
import type { Presenter } from '../ports/presenter.ts';
import type { StatusDesk } from '../ports/status-page.ts';
import { askForLastWords } from './last-words.ts';
import { createStatusDesk, type StatusDeskParts } from './status-desk.ts';
import { createStatusEffects } from './status-updates.ts';

/** All that has to do with telling customers. */
export interface StatusPage {
  readonly desk: StatusDesk;
  readonly effects: Readonly<Record<string, EffectHandler>>;
  readonly loops: readonly Loop[];
}

const componentsEveryMs = 60_000;
const lastWordsEveryMs = 1_000;

export function createStatusPage(parts: StatusDeskParts & { readonly presenter: Presenter }): StatusPage {
  const desk = createStatusDesk(parts);
  return {
    desk,
    effects: createStatusEffects(parts),
    loops: parts.statusPage
      ? [
          { name: 'status page components', everyMs: componentsEveryMs, work: () => desk.refresh() },
          { name: 'last words', everyMs: lastWordsEveryMs, work: () => askForLastWords(parts.database) },
        ]
      : [],
  };
}
