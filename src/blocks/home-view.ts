import type { HomeView, KnownBlock } from '@slack/types';
import type { Incident } from '../domain/incident.ts';
import type { Run } from '../domain/run.ts';
import { blastRadius } from './blast-radius.ts';
import { cut, moreThan } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, cutBlocks, divider, header, plainSection, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { acknowledge as acknowledgeIncident, details as incidentDetails } from './incident-buttons.ts';
import { incidentLine } from './incident-words.ts';
import { limits } from './limits.ts';
import { mention } from './mentions.ts';
import { actionIds, approvalButtons, details, leaseButtons } from './run-buttons.ts';
import { leaseLine, runLine } from './run-lines.ts';
import { runName } from './run-state.ts';
import { cellSections, type EstateStatus, pausedLine } from './status-card.ts';

export interface HomeContent {
  /** Runs that wait for this person. */
  readonly awaiting: readonly Run[];
  /** That somebody still has to do something about. */
  readonly incidents: readonly Incident[];
  readonly status: EstateStatus;
  /** Whether to offer the Isolate button: there is a channel for its card, and the person may ask. */
  readonly mayIsolate: boolean;
  readonly readAt: string;
}

const shownEach = 8;

/** App Home: what waits for me first, then what runs, what is held, the estate. */
export function homeView({ awaiting, incidents, status, mayIsolate, readAt }: HomeContent): HomeView {
  const blocks: KnownBlock[] = [
    ...pausedLine(status),
    header('Open incidents'),
    ...shownOf(incidents, 'No incident is open.', openIncident),
    header('Waits for your approval'),
    ...shownOf(awaiting, 'Nothing waits for you.', waiting),
    header('Running'),
    ...shownOf(status.runs, 'No playbook is open.', (run) => [{ ...section(runLine(run)), accessory: details(run) }]),
    header('Leases'),
    ...shownOf(status.leases, 'Nothing is held out of service.', (lease) => [
      section(leaseLine(lease)),
      ...actions(...leaseButtons(lease)),
    ]),
    header('Estate'),
    ...cellSections(status),
    ...(status.troubles.length > 0 ? [section(`Not known: ${cut(escapeText(status.troubles.join('; ')), 500)}`)] : []),
    ...(mayIsolate ? actions(button({ text: 'Isolate a cell…', actionId: actionIds.openIsolate, value: 'home' })) : []),
    context(`read at ${date(readAt, 'day')}`, 'open this tab again to read anew'),
  ];
  return { type: 'home', blocks: cutBlocks(blocks, limits.viewBlocks) };
}

function openIncident(incident: Incident): KnownBlock[] {
  const acknowledge = incident.state === 'open' ? [acknowledgeIncident(incident)] : [];
  return [section(incidentLine(incident)), ...actions(...acknowledge, incidentDetails(incident))];
}

function waiting(run: Run): KnownBlock[] {
  return [
    section(
      `*${cut(escapeText(run.plan.title), 200)}*`,
      `${mention(run.requesterId)} asked; until ${date(run.expiresAt)}  ·  ${runName(run)}`,
      ...blastRadius(run.plan),
    ),
    plainSection(`Why: ${run.plan.reason.slice(0, 500)}`),
    ...actions(...approvalButtons(run), details(run)),
    divider,
  ];
}

/** The first few of them, and how many more there are. Undefined: they are not known. */
function shownOf<T>(all: readonly T[] | undefined, none: string, blocksOf: (one: T) => KnownBlock[]): KnownBlock[] {
  if (all === undefined) return [section('Not known just now.')];
  if (all.length === 0) return [section(none)];
  const left = all.length - shownEach;
  return [...all.slice(0, shownEach).flatMap(blocksOf), ...(left > 0 ? [context(moreThan(left))] : [])];
}
