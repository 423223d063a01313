import type { Playbook } from '../ports/playbook.ts';
import { extendLease } from './extend-lease.ts';
import { isolateCell } from './isolate-cell.ts';
import { restoreCell } from './restore-cell.ts';
import { undoRun } from './undo-run.ts';

/** Every playbook there is. */
export const playbooks: readonly Playbook[] = [isolateCell, restoreCell, extendLease, undoRun];
