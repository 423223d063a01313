import type { KnownBlock } from '@slack/types';
import type { Incident } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import { type Assessment, assessmentCard } from './assessment-card.ts';
import { cut } from './cut.ts';
import { section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

interface GlobalOutage {
  readonly incident: Pick<Incident, 'id' | 'title'>;
  readonly assessment?: Assessment;
  readonly readAt?: string;
  /** Ids of the runs that wait for approval. */
  readonly planned?: readonly string[];
  /** What could not be planned, in words. */
  readonly problems: readonly string[];
}

/** To whoever called it: what was set in motion, then the whole assessment with its buttons. */
export function globalOutage({ incident, assessment, readAt, planned = [], problems }: GlobalOutage): MessageContent {
  const title = `${code(incident.id)} ${cut(escapeText(incident.title), 200)}`;
  const blocks: KnownBlock[] = [
    section(
      `🚨 *P0 declared:* ${title}. The on-call is paged; its card is in the channel.`,
      planned.length > 0
        ? `*Planned, and waiting for approval:* ${planned.map((id) => code(id)).join(', ')}.`
        : 'Nothing is planned by itself: nothing safe to do was found.',
      ...problems.map((says) => `⚠️ ${cut(escapeText(says), 400)}`),
    ),
    ...(assessment && readAt !== undefined ? (assessmentCard(assessment, readAt).blocks as KnownBlock[]) : []),
  ];
  return message(`P0 declared: ${title}`, blocks);
}
