import { hostname } from 'node:os';
import type { ChangeStep } from '../../src/domain/plan.ts';
import { createChangeRecords } from '../../src/engine/fence.ts';
import { joinReplicas } from '../../src/engine/replica.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { ben, type EngineHarness, quiet, startEngine } from '../support/engine-harness.ts';

const step: ChangeStep = {
  kind: 'change',
  id: 'turn',
  says: 'turn',
  resource: { kind: 'dial', id: 'd' },
  before: 1,
  after: 2,
  timeoutMs: 1_000,
};

jest.setTimeout(30_000);

describe('replicas', () => {
  let world: EngineHarness;
  let takenOver = 0;
  const query = (sql: string, params: unknown[] = []) =>
    world.context.database.query<{ id: string; owner: string; state: string }>(sql, params);
  beforeAll(async () => {
    world = await startEngine(
      {},
      {
        onTakeover: (runs) => {
          takenOver += runs;
          throw new Error('what looks on may fail');
        },
      },
    );
  });
  afterAll(() => world.stop());

  /** Another replica that has fallen silent, and the run that it holds. */
  async function silentOwner(): Promise<{ runId: string; replicaId: string }> {
    const other = await joinReplicas(world.context.database, 'other', quiet, { host: hostname(), pid: process.ppid });
    const run = await world.turn([`w${other.id}`], 5);
    await query(`update stamps.runs set state = 'running', owner = $2, attempt = 1, touched_at = now() where id = $1`, [
      run.id,
      other.id,
    ]);
    await query(`update stamps.replicas set lease_until = now() - interval '1 second' where executor_id = $1`, [
      other.id,
    ]);
    return { runId: run.id, replicaId: other.id };
  }

  it('take over what a silent one was running, and finish it', async () => {
    const { runId, replicaId } = await silentOwner();
    // The database must have been up for a lease's length before silence counts.
    await query(
      `select pg_sleep(greatest(0, 10.1 - extract(epoch from clock_timestamp() - pg_postmaster_start_time())))`,
    );
    await world.context.replica.strikeOut();
    await world.reaches(runId, 'succeeded');
    expect(takenOver).toBe(1);
    expect(
      await query('select 1 from stamps.replicas where executor_id = $1 and taken_over_by is not null', [replicaId]),
    ).toHaveLength(1);
  });

  it('let no frozen one write when it wakes', async () => {
    const { runId, replicaId } = await silentOwner();
    const frozen = {
      id: replicaId,
      beat: async () => false,
      holds: () => true,
      strikeOut: async () => undefined,
      leave: async () => undefined,
    };
    await query(`update stamps.replicas set taken_over_by = 'x' where executor_id = $1`, [replicaId]);
    const records = createChangeRecords(
      world.context.database,
      frozen,
      systemClock,
      new AbortController().signal,
      { runId, attempt: 1 },
      step,
    );
    await expect(records.intend()).rejects.toMatchObject({ code: 'fenced' });
    await world.reaches(runId, 'succeeded');
    await expect(records.intend()).rejects.toMatchObject({ code: 'fenced' });
  });

  it('need not wait for a process of this host that is gone', async () => {
    await query(
      `insert into stamps.replicas (executor_id, host, pid, lease_until) values ('gone', $1, 2147483646, now() + interval '1 hour')`,
      [hostname()],
    );
    await joinReplicas(world.context.database, 'next', quiet, { host: hostname(), pid: process.ppid });
    expect(
      await query(`select 1 from stamps.replicas where executor_id = 'gone' and taken_over_by is not null`),
    ).toHaveLength(1);
  });

  it('free at once what one that is gone had claimed, but for what may be on its way', async () => {
    await query(
      `insert into stamps.replicas (executor_id, host, pid, lease_until) values ('claimant', $1, 2147483646, now() + interval '1 hour')`,
      [hostname()],
    );
    const until = `now() + interval '45 seconds'`;
    for (const by of ['claimant', 'another']) {
      await query(
        `insert into stamps.inbox (key, incoming, claimed_until, claimed_by) values ($1, '{"type":"home"}', ${until}, $1)`,
        [by],
      );
      await query(
        `insert into stamps.messages (key, channel, content, claimed_until, claimed_by) values ($1, $1, '{}', ${until}, $1)`,
        [by],
      );
      await query(
        `insert into stamps.effects (key, stream, kind, args, claimed_until, claimed_by) values ($1, $1, 'x', '{}', ${until}, $1)`,
        [by],
      );
      await query(
        `with of as (insert into stamps.schedules (key, since) values ($1, now()) returning key)
         insert into stamps.occurrences (schedule, due_at, claimed_until, claimed_by)
         select key, now(), now() + interval '10 minutes', $1 from of`,
        [by],
      );
    }
    await joinReplicas(world.context.database, 'heir', quiet, { host: hostname(), pid: process.ppid });
    const left = async (table: string, key: string) => {
      const rows = await query(
        `select ceil(extract(epoch from claimed_until - clock_timestamp()))::int as state from stamps.${table} where ${table === 'occurrences' ? 'schedule' : 'key'} = $1`,
        [key],
      );
      return Number(rows[0]?.state);
    };
    expect(await left('inbox', 'claimant')).toBeLessThanOrEqual(0);
    for (const table of ['messages', 'effects']) {
      expect(await left(table, 'claimant')).toBeGreaterThan(0);
      expect(await left(table, 'claimant')).toBeLessThanOrEqual(5);
    }
    expect(await left('occurrences', 'claimant')).toBeLessThanOrEqual(60);
    for (const table of ['inbox', 'messages', 'effects']) expect(await left(table, 'another')).toBeGreaterThan(5);
    expect(await left('occurrences', 'another')).toBeGreaterThan(60);
  });

  it('park a run that kills every process that runs it', async () => {
    const run = await world.turn(['killer'], 5);
    await query(`update stamps.runs set state = 'running', owner = null, attempt = 1, starts = 6 where id = $1`, [
      run.id,
    ]);
    await world.engine.look();
    await world.reaches(run.id, 'stopped', 'running');
    const parked = await world.reaches(run.id, 'stopped');
    expect(parked.stateReason).toContain('parked');
    await world.engine.operations.retry(run.id, ben);
    await world.reaches(run.id, 'succeeded');
  });
});
