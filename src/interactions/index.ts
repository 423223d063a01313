import { anomalySnooze } from './anomaly-snooze.ts';
import { extendSubmit } from './extend-submit.ts';
import { failoverPropose } from './failover-propose.ts';
import { findingAssign } from './finding-assign.ts';
import { findingSnooze } from './finding-snooze.ts';
import { incidentAcknowledge } from './incident-acknowledge.ts';
import { incidentAlerts } from './incident-alerts.ts';
import { incidentAssess } from './incident-assess.ts';
import { incidentDetails } from './incident-details.ts';
import { incidentIsolate } from './incident-isolate.ts';
import { incidentMitigated } from './incident-mitigated.ts';
import { incidentPage } from './incident-page.ts';
import { incidentResolve } from './incident-resolve.ts';
import { incidentSeverity } from './incident-severity.ts';
import { incidentUpdate } from './incident-update.ts';
import { incidentUpdateSubmit } from './incident-update-submit.ts';
import type { ActionHandler, SubmissionHandler } from './interaction.ts';
import { isolateOpen } from './isolate-open.ts';
import { isolateSubmit } from './isolate-submit.ts';
import { leaseExtend } from './lease-extend.ts';
import { leaseRestore } from './lease-restore.ts';
import { recoverOpen, swapOpen } from './recover-open.ts';
import { recoverRelease } from './recover-release.ts';
import { recoverSubmit, swapSubmit } from './recover-submit.ts';
import { reviewDone } from './review-done.ts';
import { runApprove } from './run-approve.ts';
import { runCancel } from './run-cancel.ts';
import { runDeny } from './run-deny.ts';
import { runDetails } from './run-details.ts';
import { runRetry } from './run-retry.ts';
import { runUndo } from './run-undo.ts';
import { scaleOpen } from './scale-open.ts';
import { scaleSubmit } from './scale-submit.ts';
import { scalingDismiss, scalingPropose, scalingSnooze } from './scaling-buttons.ts';
import { dismissProposalSubmit, snoozeProposalSubmit } from './scaling-submits.ts';
import { silenceEnd, silenceExtend } from './silence-buttons.ts';
import { statusShow } from './status-show.ts';
import { statuspageOpens } from './statuspage-open.ts';
import { statuspageSubmit } from './statuspage-submit.ts';

/** Every button that we draw. */
export const actions: readonly ActionHandler[] = [
  runApprove,
  runDeny,
  runCancel,
  runUndo,
  runRetry,
  runDetails,
  leaseExtend,
  leaseRestore,
  reviewDone,
  isolateOpen,
  scaleOpen,
  scalingPropose,
  scalingSnooze,
  scalingDismiss,
  failoverPropose,
  recoverOpen,
  swapOpen,
  recoverRelease,
  findingSnooze,
  findingAssign,
  anomalySnooze,
  incidentAcknowledge,
  incidentIsolate,
  incidentAssess,
  incidentPage,
  incidentMitigated,
  incidentResolve,
  incidentSeverity,
  incidentUpdate,
  incidentDetails,
  ...incidentAlerts,
  ...statusShow,
  silenceEnd,
  silenceExtend,
  ...statuspageOpens,
];

/** Every modal that people submit. */
export const submissions: readonly SubmissionHandler[] = [
  isolateSubmit,
  scaleSubmit,
  snoozeProposalSubmit,
  dismissProposalSubmit,
  extendSubmit,
  incidentUpdateSubmit,
  statuspageSubmit,
  recoverSubmit,
  swapSubmit,
];

export { mentions } from './mentions.ts';
