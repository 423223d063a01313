import type { Json } from '../../../src/domain/json.ts';
import type { Lease, Run } from '../../../src/domain/run.ts';
import { OpsError } from '../../../src/errors.ts';
import type { Operations, RunRequest } from '../../../src/ports/operations.ts';
import { sampleRun } from '../sample-run.ts';

/** An engine that writes down what it was asked and answers with the runs that a test gives it. */
export function createFakeOperations() {
  const calls: [keyof Operations, ...unknown[]][] = [];
  const failures = new Map<keyof Operations, Error>();
  const runs = new Map<string, Run>([['r-17', sampleRun()]]);
  const leases: Lease[] = [];
  const state: { paused?: { by: string; reason: string; at: string }; answer: Run; awaiting: Run[] } = {
    answer: sampleRun({ id: 'r-18' }),
    awaiting: [],
  };
  const called = (method: keyof Operations, ...args: unknown[]) => {
    calls.push([method, ...args]);
    const failure = failures.get(method);
    if (failure) throw failure;
  };
  const known = (id: string): Run => {
    const run = runs.get(id);
    if (!run) throw new OpsError('not-found', `There is no run ${id}.`, { hint: '`/stamps runs` lists them.' });
    return run;
  };

  const operations: Operations = {
    async request({ requester, ...rest }: RunRequest) {
      called('request', { ...rest, requester: requester.id });
      return state.answer;
    },
    async decide(id, seen, member, verdict) {
      called('decide', id, seen, member.id, verdict);
      return known(id);
    },
    async cancel(id, member) {
      called('cancel', id, member.id);
      return known(id);
    },
    async retry(id, member) {
      called('retry', id, member.id);
      return known(id);
    },
    async undo(id, member, key, channel) {
      called('undo', id, member.id, key, channel);
      return state.answer;
    },
    async breakGlass(id, member, reason) {
      called('breakGlass', id, member.id, reason);
      return known(id);
    },
    async reviewBreakGlass(id, member) {
      called('reviewBreakGlass', id, member.id);
      return known(id);
    },
    async pause(member, reason) {
      called('pause', member.id, reason);
    },
    async resume(member) {
      called('resume', member.id);
    },
    async paused() {
      const failure = failures.get('paused');
      if (failure) throw failure;
      return state.paused;
    },
    async run(id) {
      called('run', id);
      return known(id);
    },
    async runs(filter) {
      called('runs', filter);
      return [...runs.values()].filter((run) => filter.states?.includes(run.state) ?? true);
    },
    async awaiting(member) {
      called('awaiting', member.id);
      return state.awaiting;
    },
    async leases() {
      called('leases');
      return leases;
    },
    async exportAudit(member) {
      called('exportAudit', member.id);
      return '{"head":"abc"}\n';
    },
  };
  /** What was asked, without the reading. */
  const acts = () => calls.filter(([method]) => !['run', 'runs', 'leases', 'awaiting'].includes(method));
  /** What a playbook was last asked with. */
  const inputOf = (playbook: string): Json =>
    calls
      .flatMap(([, request]) => {
        const asked = request as Partial<RunRequest> | undefined;
        return asked?.playbook === playbook && asked.input !== undefined ? [asked.input] : [];
      })
      .at(-1) ?? null;
  return { operations, calls, acts, inputOf, failures, runs, leases, state };
}
