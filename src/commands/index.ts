import { alertsCheck } from './alerts-check.ts';
import { alertsSync } from './alerts-sync.ts';
import { alertsUnread } from './alerts-unread.ts';
import { assess } from './assess.ts';
import { auditExport } from './audit-export.ts';
import { breakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { capacity } from './capacity.ts';
import type { Command } from './command.ts';
import { dashboard } from './dashboard.ts';
import { digest } from './digest.ts';
import { drill } from './drill.ts';
import { estateCheck } from './estate-check.ts';
import { failback } from './failback.ts';
import { failover } from './failover.ts';
import { globalOutage } from './global-outage.ts';
import { createHelp } from './help.ts';
import { incident } from './incident.ts';
import { incidentAck } from './incident-ack.ts';
import { incidentAssign } from './incident-assign.ts';
import { incidentDeclare } from './incident-declare.ts';
import { incidentMerge } from './incident-merge.ts';
import { incidentMitigate } from './incident-mitigate.ts';
import { incidentNote } from './incident-note.ts';
import { incidentResolve } from './incident-resolve.ts';
import { incidentSeverity } from './incident-severity.ts';
import { incidentSplit } from './incident-split.ts';
import { incidents } from './incidents.ts';
import { isolate } from './isolate.ts';
import { kpi } from './kpi.ts';
import { leaseExtend } from './lease-extend.ts';
import { maintenanceMonthly, maintenanceWeekly } from './maintenance.ts';
import { maintenanceWindow } from './maintenance-window.ts';
import { maturity } from './maturity.ts';
import { onCall } from './on-call.ts';
import { page } from './page.ts';
import { pause } from './pause.ts';
import { postmortem } from './postmortem.ts';
import { recover } from './recover.ts';
import { recoverRelease } from './recover-release.ts';
import { recoverSwap } from './recover-swap.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { scale } from './scale.ts';
import { scaleSql } from './scale-sql.ts';
import { scaling, scalingRelease } from './scaling.ts';
import { silence } from './silence.ts';
import { silenceEnd } from './silence-end.ts';
import { silenceExtend } from './silence-extend.ts';
import { silences } from './silences.ts';
import { status } from './status.ts';
import { statuspageDraft, statuspageResolve, statuspageUpdate } from './statuspage.ts';
import { tenantUsage } from './tenant-usage.ts';
import { undo } from './undo.ts';

/** Every subcommand of `/stamps`, in the order in which help shows them. */
export const commands: readonly Command[] = [
  createHelp(() => commands),
  isolate,
  restore,
  scale,
  scaleSql,
  scaling,
  scalingRelease,
  assess,
  failover,
  failback,
  drill,
  recover,
  recoverSwap,
  recoverRelease,
  globalOutage,
  status,
  kpi,
  tenantUsage,
  incidents,
  incident,
  incidentDeclare,
  incidentAck,
  incidentSeverity,
  incidentAssign,
  incidentNote,
  incidentMitigate,
  incidentResolve,
  incidentMerge,
  incidentSplit,
  postmortem,
  silence,
  silenceEnd,
  silenceExtend,
  silences,
  maintenanceWindow,
  digest,
  dashboard,
  capacity,
  maturity,
  maintenanceWeekly,
  maintenanceMonthly,
  runs,
  run,
  cancel,
  undo,
  leaseExtend,
  onCall,
  page,
  statuspageDraft,
  statuspageUpdate,
  statuspageResolve,
  pause,
  resume,
  breakGlass,
  estateCheck,
  alertsCheck,
  alertsSync,
  alertsUnread,
  auditExport,
];
