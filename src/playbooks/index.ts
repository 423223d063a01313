import type { Playbook } from '../ports/playbook.ts';
import { drillRegion } from './drill-region.ts';
import { extendLease } from './extend-lease.ts';
import { failbackRegion } from './failback-region.ts';
import { failoverRegion } from './failover-region.ts';
import { isolateCell } from './isolate-cell.ts';
import { recoverCell } from './recover-cell.ts';
import { releaseRecovery } from './release-recovery.ts';
import { restoreCell } from './restore-cell.ts';
import { scaleCell } from './scale-cell.ts';
import { scaleSql } from './scale-sql.ts';
import { swapData } from './swap-data.ts';
import { syncAlertRules } from './sync-alert-rules.ts';
import { undoRun } from './undo-run.ts';

/** Every playbook there is. */
export const playbooks: readonly Playbook[] = [
  isolateCell,
  restoreCell,
  extendLease,
  undoRun,
  failoverRegion,
  failbackRegion,
  syncAlertRules,
  drillRegion,
  scaleCell,
  scaleSql,
  recoverCell,
  swapData,
  releaseRecovery,
];
