import { mayRequest, ruleFor } from '../domain/approval.ts';
import type { Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { RunRequest } from '../ports/operations.ts';
import { appendAudit } from './audit.ts';
import { noteState } from './entered-states.ts';
import { refuseSecond } from './one-open-run.ts';
import { makePlan } from './planner.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { getRun, lockRun } from './run-store.ts';

export interface RequestOptions {
  /** The run that this one takes back. */
  readonly undoes?: string;
  /** Nobody has to approve it: the plan that was approved says that it comes. */
  readonly declared?: boolean;
  /** Nobody asked for it by name, so that two must approve it; they have so many milliseconds for it. */
  readonly calendarMs?: number;
}

/** Two people stand behind every run; what the calendar asks for, neither of them has asked for. */
const leastApprovalsByCalendar = 2;

/** Makes the plan, asks its checks, and files the run: once for each request key. */
export function createRequest({ context, lifecycle, moved }: RunDesk) {
  const { database, policy } = context;

  return request;

  async function request(wanted: RunRequest, options: RequestOptions = {}): Promise<Run> {
    const [known] = await database.query<{ id: string }>('select id from stamps.runs where request_key = $1', [
      wanted.requestKey,
    ]);
    if (known) return getRun(database, known.id);

    const [named] = await database.query<{ number: number; at: string }>(
      `select nextval('stamps.run_number') as number, clock_timestamp() as at`,
    );
    if (!named) throw new Error('the run number sequence gave nothing');
    const id = `r-${named.number}`;
    const requestedAt = named.at;
    const { plan, hash, checks } = await makePlan(context, { ...wanted, runId: id, requestedAt });

    const rule = ruleFor(policy, plan);
    if (options.calendarMs !== undefined) refuseTooFew(rule?.approvals ?? 0);
    else if (!options.declared && !mayRequest(rule, wanted.requester)) throw notYours(rule?.requesters);
    const refused = checks.filter((check) => !check.ok);
    const livesMs = options.calendarMs ?? rule?.expiresAfterMs ?? 30 * 60_000;
    const expiresAt = new Date(Date.parse(requestedAt) + livesMs).toISOString();

    await database.transaction(async (tx) => {
      await refuseSecond(tx, plan, { requestKey: wanted.requestKey, ...options });
      const inserted = await tx.query(
        `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, state_reason, requester_id, channel,
                                  target_cell, checks, undoes, requested_at, expires_at, finished_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, case when $8 = 'refused' then clock_timestamp() end)
         on conflict (request_key) do nothing returning 1`,
        [
          id,
          named.number,
          wanted.requestKey,
          wanted.playbook,
          JSON.stringify(wanted.input),
          JSON.stringify(plan),
          hash,
          refused.length > 0 ? 'refused' : 'waiting',
          refused.map((check) => check.says).join(' '),
          wanted.requester.id,
          wanted.channel,
          plan.target.cell ?? null,
          JSON.stringify(checks),
          options.undoes ?? null,
          requestedAt,
          expiresAt,
        ],
      );
      if (inserted.length === 0) return;
      const run = await lockRun(tx, id);
      noteState(tx, { run: id, playbook: run.playbook, state: run.state });
      if (refused.length === 0 && (options.declared || rule?.approvals === 0))
        await lifecycle().enqueue(tx, run, wanted.requester.id);
      await appendAudit(tx, [
        {
          kind: refused.length > 0 ? 'run-refused' : 'run-requested',
          runId: id,
          actor: wanted.requester.id,
          body: JSON.parse(
            JSON.stringify({
              playbook: wanted.playbook,
              input: wanted.input,
              channel: wanted.channel,
              planHash: hash,
              plan,
              checks,
            }),
          ),
        },
      ]);
    });
    const [kept] = await database.query<{ id: string }>('select id from stamps.runs where request_key = $1', [
      wanted.requestKey,
    ]);
    return moved(kept?.id ?? id);
  }
}

function refuseTooFew(approvals: number): void {
  if (approvals >= leastApprovalsByCalendar) return;
  throw new OpsError(
    'refused',
    `The policy wants ${approvals} approvals of this; what the calendar asks for needs two.`,
    { hint: 'Raise `approvals` of its rule in the policy file.' },
  );
}
