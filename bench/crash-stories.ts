import type { AzureFaults } from '../sandbox/azure/contract.ts';

const dayMs = 86_400_000;

/** A run as people ask for it and approve it. */
export interface WantedRun {
  readonly name: string;
  /** Ids of the runs before it, by name, where it is about one of them. */
  readonly command: string | ((earlier: ReadonlyMap<string, string>) => string);
  /** What somebody does at Azure before it is asked for. */
  readonly prepare?: (faults: AzureFaults) => void;
  /** At a write that Azure has accepted: what somebody breaks there, so that the run fails on its way. */
  readonly spoil?: (path: string, faults: AzureFaults) => void;
  /** How it ends; one that fails and is taken back by itself is killed in that undo alone. Default: `succeeded`. */
  readonly ends?: 'succeeded' | 'undone';
  readonly approvers: readonly string[];
  /** Carried out in peace: another story has its kills. */
  readonly inPeace?: true;
}

/** Runs that take turns: the last of them brings back what was changed, which may be the only one. */
export type Story = readonly WantedRun[];

/** Worlds whose run was spoiled already. */
const spoiled = new WeakSet<AzureFaults>();

/** Refuses the next write after the first one to a path with this in it. */
function spoilAfter(part: string) {
  return (path: string, faults: AzureFaults): void => {
    if (spoiled.has(faults) || !path.toLowerCase().includes(part.toLowerCase())) return;
    spoiled.add(faults);
    faults.refuseWrites(1, 403, 'AuthorizationFailed');
  };
}

/** Who approves, besides Ana who asks. */
const two = ['U0BEN', 'U0DANA'];

const recover = {
  name: 'recover',
  prepare: (faults: AzureFaults) => faults.loseData('cell-healthcare'),
  command: () => `recover cell-healthcare to ${new Date(Date.now() - dayMs).toISOString().slice(0, 19)}Z`,
  approvers: two,
} satisfies WantedRun;
const release = {
  name: 'release',
  command: 'recover release cell-healthcare',
  approvers: two,
} satisfies WantedRun;

const failover = {
  name: 'failover',
  command: 'failover eastus to westus',
  approvers: two,
} satisfies WantedRun;
const failback = {
  name: 'failback',
  command: 'failback eastus',
  approvers: two,
} satisfies WantedRun;
const drill = {
  name: 'drill',
  // Its guards look at the last minutes, and must not see the drill before.
  prepare: (faults: AzureFaults) => faults.forgetTraffic(),
  command: 'drill eastus with data for 1m',
  approvers: two,
} satisfies WantedRun;

function undoOf(of: string, approvers: readonly string[]) {
  return {
    name: `undo of the ${of}`,
    command: (earlier: ReadonlyMap<string, string>) => `undo ${earlier.get(of)}`,
    approvers,
  } satisfies WantedRun;
}

export const stories = {
  cell: [
    { name: 'isolate', command: 'isolate cell-banking for 4h', approvers: ['U0BEN'] },
    { name: 'restore', command: 'restore cell-banking', approvers: ['U0BEN'] },
  ],
  region: [failover, failback],
  recovery: [
    recover,
    {
      name: 'swap',
      prepare: (faults) => faults.grantCopies('cell-healthcare'),
      command: 'recover swap cell-healthcare',
      approvers: two,
    },
    undoOf('swap', two),
    release,
  ],
  failedSwap: [
    recover,
    {
      name: 'swap that fails',
      prepare(faults) {
        faults.grantCopies('cell-healthcare');
        spoiled.delete(faults);
      },
      spoil: spoilAfter('/restoreBlobRanges'),
      ends: 'undone',
      command: 'recover swap cell-healthcare',
      approvers: two,
    },
    release,
  ],
  scaling: [
    { name: 'scale', command: 'scale cell-banking by +1', approvers: ['U0BEN'] },
    undoOf('scale', ['U0BEN']),
    {
      name: 'scale sql',
      prepare: (faults) => faults.replicateSql('cell-banking'),
      command: 'scale sql cell-banking up',
      approvers: ['U0BEN'],
    },
    undoOf('scale sql', ['U0BEN']),
  ],
  drill: [drill],
  undoneMoves: [
    { ...failover, inPeace: true },
    undoOf('failover', failover.approvers),
    { ...failover, name: 'failover again', inPeace: true },
    { ...failback, inPeace: true },
    undoOf('failback', failback.approvers),
    { ...failback, name: 'failback again', inPeace: true },
  ],
  failedDrill: [
    {
      ...drill,
      name: 'drill that fails',
      prepare(faults) {
        faults.forgetTraffic();
        spoiled.delete(faults);
      },
      spoil: spoilAfter('/origins/'),
      ends: 'undone',
    },
  ],
  undoneRecovery: [{ ...recover, inPeace: true }, undoOf('recover', two)],
} as const satisfies Record<string, Story>;
