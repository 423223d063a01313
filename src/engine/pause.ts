import { mayOperate } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import { appendAudit } from './audit.ts';
import { refreshCard } from './cards.ts';
import { databaseNow } from './database.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { findRuns } from './run-store.ts';

/** The switch that holds every run before its next step. */
export function createPause({ context, lifecycle }: RunDesk) {
  const { database, policy } = context;

  return {
    pause: (member: Member, reason: string) => setPause(member, { reason }),
    resume: (member: Member) => setPause(member, null),
    paused,
  };

  async function setPause(member: Member, value: { reason: string } | null): Promise<void> {
    if (!mayOperate(policy, member)) throw notYours(policy.operators);
    await database.transaction(async (tx) => {
      if (value) {
        const pause = { by: member.id, reason: value.reason, at: await databaseNow(tx) };
        await tx.query(
          `insert into stamps.settings (key, value) values ('pause', $1) on conflict (key) do update set value = excluded.value`,
          [JSON.stringify(pause)],
        );
      } else {
        await tx.query(`delete from stamps.settings where key = 'pause'`);
      }
      await tx.query(
        `update stamps.runs set touched_at = clock_timestamp() where state in ('waiting', 'queued', 'running', 'stopped')`,
      );
      await appendAudit(tx, [{ kind: value ? 'paused' : 'resumed', actor: member.id, body: value ?? {} }]);
    });
    await lifecycle().dispatch();
    for (const run of await findRuns(database, { states: ['waiting', 'queued', 'running', 'stopped'] }))
      await refreshCard(context, run.id);
  }

  async function paused() {
    const [row] = await database.query<{ value: { by: string; reason: string; at: string } }>(
      `select value from stamps.settings where key = 'pause'`,
    );
    return row?.value;
  }
}
