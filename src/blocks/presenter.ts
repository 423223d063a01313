import type { Presenter } from '../ports/presenter.ts';
import { approvalRequest } from './approval-request.ts';
import { leaseReminder } from './lease-reminder.ts';
import { notice } from './notice.ts';
import { reviewRequest } from './review-request.ts';
import { runCard } from './run-card.ts';

/** What the engine shows, as Block Kit. */
export function createPresenter(): Presenter {
  return { runCard, approvalRequest, reviewRequest, leaseReminder, notice };
}
