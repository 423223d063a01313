import type { KnownBlock } from '@slack/types';
import type { Incident } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import { type Assessment, assessmentCard } from './assessment-card.ts';
import { cut } from './cut.ts';
import { actions, button, section } from './elements.ts';
import { code, escapeHint, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { statusActionIds } from './status-update-modal.ts';

interface GlobalOutage {
  readonly incident: Pick<Incident, 'id' | 'title'>;
  /** It was open already; what was seen is noted there. */
  readonly joined?: boolean;
  /** Whether the on-call is called now, was called for it before, or cannot be called by us. */
  readonly page: 'wanted' | 'earlier' | 'not-configured';
  readonly assessment?: Assessment;
  readonly readAt?: string;
  /** Ids of the runs that wait for approval. */
  readonly planned?: readonly string[];
  /** What could not be planned, in words. */
  readonly problems: readonly string[];
  /** There is a status page to draft for. */
  readonly statusPage: boolean;
}

const pageWords: Readonly<Record<GlobalOutage['page'], string>> = {
  wanted: 'The on-call is being paged; the card says what becomes of it.',
  earlier: 'The on-call was called for it before, and is not paged once more; the card says what became of it.',
  'not-configured': '⚠️ PagerDuty is not configured: call them by phone.',
};

/** To whoever called it: what was set in motion, then the whole assessment with its buttons. */
export function globalOutage({
  incident,
  joined = false,
  page,
  assessment,
  readAt,
  planned = [],
  problems,
  statusPage,
}: GlobalOutage): MessageContent {
  const title = `${code(incident.id)} ${cut(escapeText(incident.title), 200)}`;
  const blocks: KnownBlock[] = [
    section(
      joined
        ? `🚨 *P0 is open already:* ${title}. What you see is noted there.`
        : `🚨 *P0 declared:* ${title}. Its card is in the channel.`,
      pageWords[page],
      planned.length > 0
        ? `*Planned, and waiting for approval:* ${planned.map((id) => code(id)).join(', ')}.`
        : 'Nothing is planned by itself: nothing safe to do was found.',
      ...problems.map((says) => `⚠️ ${cut(escapeHint(says), 600)}`),
    ),
    ...(statusPage ? draftOffer(incident.id, assessment) : []),
    ...(assessment && readAt !== undefined ? (assessmentCard(assessment, readAt).blocks as KnownBlock[]) : []),
  ];
  return message(`${joined ? 'P0 is open already' : 'P0 declared'}: ${title}`, blocks);
}

/** The first words to customers, with the components of what was found broken; nothing is published before somebody sends the form. */
function draftOffer(incidentId: string, assessment: Assessment | undefined): KnownBlock[] {
  const broken = (assessment?.verdicts ?? []).filter(({ standing }) => standing === 'broken');
  const regions = broken.map(({ facts }) => facts.name);
  const whole = regions.length === 0 || regions.length === assessment?.verdicts.length;
  const named = whole ? 'the whole service' : cut(escapeText(regions.join(', ')), 200);
  return [
    section(`*Customers are told nothing yet.* The draft names ${named}; you edit it before it is published.`),
    ...actions(
      button({
        text: 'Status page…',
        actionId: statusActionIds.outage,
        value: whole ? incidentId : `${incidentId}:${regions.join(',')}`,
        style: 'primary',
      }),
    ),
  ];
}
