import type { IncidentPresenter } from '../ports/incident-presenter.ts';
import { harmQuestion } from './harm-question.ts';
import { incidentCard } from './incident-card.ts';
import { notice } from './notice.ts';
import { postmortemMade } from './postmortem-made.ts';

/** What incidents show, as Block Kit. */
export function createIncidentPresenter(): IncidentPresenter {
  return { incidentCard, harmQuestion, notice, postmortemMade };
}
