import { DBOS } from '@dbos-inc/dbos-sdk';
import { verifyChain } from '../../src/engine/audit-verify.ts';
import { workflowId } from '../../src/engine/interpreter.ts';
import { OpsError } from '../../src/errors.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { ana, ben, dana, type EngineHarness, gus, startEngine } from '../support/engine-harness.ts';

describe('a run', () => {
  let world: EngineHarness;
  beforeAll(async () => {
    world = await startEngine();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    world.dials.writes.length = 0;
    world.dials.faults.length = 0;
    world.dials.refusing.clear();
  });

  it('waits for approval, applies the plan, and says so', async () => {
    const run = await world.turn(['a', 'b'], 7);
    expect(run.state).toBe('waiting');
    expect(world.dials.writes).toEqual([]);
    await world.engine.operations.decide(run.id, run.planHash.slice(0, 8), ben, 'approve');
    const done = await world.reaches(run.id, 'succeeded');
    expect(world.dials.writes).toEqual([
      { id: 'a', to: 7 },
      { id: 'b', to: 7 },
    ]);
    expect(done.steps.map(({ stepId, state }) => [stepId, state])).toEqual([
      ['a-may-turn', 'done'],
      ['b-may-turn', 'done'],
      ['turn-a', 'done'],
      ['turn-b', 'done'],
    ]);
    await world.says(`${run.id} succeeded `);
  });

  it('is one run however often the request comes', async () => {
    const wanted = {
      requestKey: 'same',
      playbook: 'turn',
      input: { dials: ['once'], to: 1, region: 'eastus' },
      requester: ana,
      channel: 'C0',
    };
    const runs = await Promise.all(Array.from({ length: 20 }, () => world.engine.operations.request(wanted)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    ['the requester', ana, 'not-allowed'],
    ['a guest', gus, 'not-allowed'],
    ['somebody removed from the group a minute ago', { ...ben, groups: [] }, 'not-allowed'],
  ])('is not approved by %s', async (_, member, code) => {
    const run = await world.turn(['x'], 1);
    await expect(world.engine.operations.decide(run.id, undefined, member, 'approve')).rejects.toMatchObject({ code });
    expect((await world.engine.operations.run(run.id)).state).toBe('waiting');
  });

  it('starts once when many click at the same time', async () => {
    const run = await world.turn(['races'], 3);
    const clicks = Array.from({ length: 30 }, (_, n) =>
      world.engine.operations.decide(run.id, undefined, n % 2 ? ben : dana, n % 7 === 0 ? 'deny' : 'approve'),
    );
    await Promise.allSettled(clicks);
    const end = await world.reaches(run.id, 'succeeded', 'denied');
    expect(world.dials.writes.length).toBe(end.state === 'succeeded' ? 1 : 0);
  });

  it('refuses a click on a plan that is not the current one', async () => {
    const run = await world.turn(['y'], 1);
    await expect(world.engine.operations.decide(run.id, 'deadbeef', ben, 'approve')).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is over when it is denied, and when it expired', async () => {
    const denied = await world.turn(['z'], 1);
    expect((await world.engine.operations.decide(denied.id, undefined, ben, 'deny')).state).toBe('denied');
    await expect(world.engine.operations.decide(denied.id, undefined, dana, 'approve')).rejects.toMatchObject({
      code: 'conflict',
    });

    const late = await world.turn(['z'], 1);
    await world.context.database.query(
      `update stamps.runs set expires_at = now() - interval '1 second' where id = $1`,
      [late.id],
    );
    await expect(world.engine.operations.decide(late.id, undefined, ben, 'approve')).rejects.toMatchObject({
      code: expect.stringMatching(/expired|conflict/),
    });
    expect((await world.reaches(late.id, 'expired')).stateReason).toContain('nothing was done');
    expect(world.dials.writes).toEqual([]);
  });

  it('reminds before it expires, once', async () => {
    const run = await world.turn(['r'], 1);
    await world.context.database.query(
      `update stamps.runs set expires_at = now() + interval '5 minutes' where id = $1`,
      [run.id],
    );
    await world.engine.look();
    const reminder = `@S0SRE @U0DANA ${run.id} still waits for approval, and expires soon.`;
    await world.says(reminder);
    await world.engine.look();
    expect((await world.texts()).filter((text) => text.includes(`${run.id} still waits`))).toEqual([reminder]);
  });

  it('skips what is so already, and keeps its approval when the world came back to the plan', async () => {
    const run = await world.turn(['s1', 's2'], 5);
    world.dials.state.set('s1', 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    const done = await world.reaches(run.id, 'succeeded');
    expect(done.steps.map(({ state }) => state)).toEqual(['done', 'done', 'already', 'done']);
    expect(world.dials.writes).toEqual([{ id: 's2', to: 5 }]);
  });

  it('stops at drift, writes nothing there, and asks for approval of the new plan', async () => {
    const run = await world.turn(['d1', 'd2'], 5);
    world.dials.state.set('d2', 99);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    const again = await world.reaches(run.id, 'waiting');
    expect(again.planHash).not.toBe(run.planHash);
    expect(again.stateReason).toContain('99');
    expect(world.dials.state.get('d2')).toBe(99);
    await expect(
      world.engine.operations.decide(run.id, run.planHash.slice(0, 8), ben, 'approve'),
    ).rejects.toMatchObject({ code: 'conflict' });
    await world.engine.operations.decide(run.id, again.planHash, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    expect(world.dials.state.get('d2')).toBe(5);
  });

  it('does not write twice when the answer to a write is lost', async () => {
    world.dials.faults.push((id, to) => {
      world.dials.state.set(id, to);
      world.dials.writes.push({ id, to });
      throw new OpsError('timeout', 'The answer was lost.', { service: 'Azure' });
    });
    const run = await world.turn(['lost'], 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    expect(world.dials.writes).toEqual([{ id: 'lost', to: 5 }]);
  });

  it('waits out a busy resource and a throttled one', async () => {
    const busy = (code: 'conflict' | 'throttled' | 'precondition-failed') => () => {
      throw new OpsError(code, 'Not now.', { service: 'Azure', retryAfterMs: 10 });
    };
    world.dials.faults.push(busy('conflict'), busy('throttled'), busy('precondition-failed'));
    const run = await world.turn(['busy'], 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    expect(world.dials.writes).toEqual([{ id: 'busy', to: 5 }]);
  });

  it('stops and asks when a step fails; retry does the rest only', async () => {
    world.dials.faults.push(
      () => undefined,
      () => {
        throw new OpsError('not-allowed', 'Azure says no.', { service: 'Azure' });
      },
    );
    const run = await world.turn(['f1', 'f2'], 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    expect((await world.reaches(run.id, 'stopped')).stateReason).toContain('Azure says no.');
    await world.engine.operations.retry(run.id, ana);
    await world.reaches(run.id, 'succeeded');
    expect(world.dials.writes).toEqual([
      { id: 'f1', to: 5 },
      { id: 'f2', to: 5 },
    ]);
  });

  it('takes back by itself what was done when the plan says so', async () => {
    world.dials.faults.push(
      () => undefined,
      () => {
        throw new OpsError('not-allowed', 'Azure says no.', { service: 'Azure' });
      },
    );
    world.dials.state.set('u1', 1);
    const run = await world.turn(['u1', 'u2'], 5, { onFailure: 'undo' });
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'undone');
    expect(world.dials.state.get('u1')).toBe(1);
    // Nobody is told to do by hand what is being done, nor asked to approve it.
    await world.says('Stopped: turn-u2: Azure says no. What it did is being taken back by itself.');
    const [undo] = (await world.engine.operations.runs({})).filter(({ undoes }) => undoes === run.id);
    expect((await world.texts()).filter((text) => text.startsWith(`approve ${undo?.id}?`))).toEqual([]);
  });

  it('says what is left, and wakes somebody, when what it takes back by itself is refused; a retry does the rest', async () => {
    const refused = () => {
      throw new OpsError('not-allowed', 'Azure says no.', { service: 'Azure' });
    };
    const taken = () => undefined;
    world.dials.state.set('w1', 1).set('w2', 2);
    world.dials.faults.push(taken, taken, refused, taken, refused);
    const run = await world.turn(['w1', 'w2', 'w3'], 5, { onFailure: 'undo' });
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    const isUndo = ({ undoes }: { undoes?: string }) => undoes === run.id;
    const undoOf = async () => (await world.engine.operations.runs({})).find(isUndo);
    let undo = await undoOf();
    while (undo === undefined) undo = await undoOf();
    await world.reaches(undo.id, 'stopped');
    expect((await world.texts()).filter((text) => text.includes('Not put back yet'))).toEqual([
      expect.stringMatching(
        /^Stopped: turn-w1: Azure says no\. Not put back yet, in this order: @`turn-w1` \(turn back\)\. Retry once/,
      ),
    ]);
    const page = `stamps/undo/${run.id}`;
    expect((await world.pages()).filter(({ key }) => key === page)).toHaveLength(1);
    await world.engine.operations.retry(undo.id, ben);
    await world.reaches(run.id, 'undone');
    expect([world.dials.state.get('w1'), world.dials.state.get('w2')]).toEqual([1, 2]);
    expect(world.dials.writes.map(({ id }) => id)).toEqual(['w1', 'w2', 'w2', 'w1']);
    expect(
      await world.context.database.query(
        `select 1 from stamps.effects where kind = 'pagerduty-resolve' and args->>'pageKey' = $1`,
        [page],
      ),
    ).toHaveLength(1);
  });

  it('is taken back though whoever stopped it died before it could ask for that', async () => {
    world.dials.faults.push(
      () => undefined,
      () => {
        throw new OpsError('not-allowed', 'Azure says no.', { service: 'Azure' });
      },
    );
    world.dials.state.set('x1', 1);
    const run = await world.turn(['x1', 'x2'], 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'stopped');
    // As it is left by a process that dies between the two.
    await world.context.database.query(
      `update stamps.runs set plan = plan || '{"onFailure":"undo"}', touched_at = now() - interval '11 seconds' where id = $1`,
      [run.id],
    );
    await world.engine.look();
    await world.reaches(run.id, 'undone');
    expect(world.dials.state.get('x1')).toBe(1);
  });

  it('is taken back by undo: what was there comes back, in reverse', async () => {
    world.dials.state.set('v1', 1).set('v2', 2);
    const run = await world.turn(['v1', 'v2'], 9);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    const undo = await world.engine.operations.undo(run.id, ana, 'undo-v', 'C0');
    expect(undo.state).toBe('waiting');
    await world.engine.operations.decide(undo.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'undone');
    expect(world.dials.writes.slice(-2)).toEqual([
      { id: 'v2', to: 2 },
      { id: 'v1', to: 1 },
    ]);
  });

  it('waits in line for a lock and says behind whom', async () => {
    let open: () => void = () => undefined;
    world.dials.faults.push(
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    const [first, second] = [
      await world.turn(['l1'], 1, { locks: ['/gw'] }),
      await world.turn(['l2'], 1, { locks: ['/GW'] }),
    ];
    await world.engine.operations.decide(first.id, undefined, ben, 'approve');
    const waiting = await world.engine.operations.decide(second.id, undefined, ben, 'approve');
    expect(waiting.state).toBe('queued');
    expect(waiting.behind).toEqual([first.id]);
    while (world.dials.faults.length > 0) await new Promise((turn) => setImmediate(turn));
    open();
    await world.reaches(second.id, 'succeeded');
    expect(world.dials.writes.map(({ id }) => id)).toEqual(['l1', 'l2']);
  });

  it('refuses a second one on the same cell and names the first', async () => {
    const first = await world.turn(['c'], 1, { cell: 'cell-a' });
    await expect(world.turn(['c'], 2, { cell: 'cell-a' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(first.id),
    });
    await world.engine.operations.cancel(first.id, ana);
    expect((await world.turn(['c'], 2, { cell: 'cell-a' })).state).toBe('waiting');
  });

  it('stops before its next step when it is cancelled', async () => {
    let open: () => void = () => undefined;
    world.dials.faults.push(
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    const run = await world.turn(['k1', 'k2'], 4);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    while (world.dials.faults.length > 0) await new Promise((turn) => setImmediate(turn));
    await world.engine.operations.cancel(run.id, ana);
    open();
    await world.reaches(run.id, 'cancelled');
    expect(world.dials.writes).toEqual([{ id: 'k1', to: 4 }]);
  });

  it('is held by the pause switch before the next write, and goes on after it', async () => {
    const run = await world.turn(['p'], 4);
    await expect(world.engine.operations.pause(ben, 'no')).rejects.toMatchObject({ code: 'not-allowed' });
    await world.engine.operations.pause(dana, 'freeze');
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.engine.look();
    expect(world.dials.writes).toEqual([]);
    await world.engine.operations.resume(dana);
    await world.reaches(run.id, 'succeeded');
  });

  it('is refused by a guard, and only break-glass goes past it, with a page and a review by somebody else', async () => {
    world.dials.refusing.add('g');
    const run = await world.turn(['g'], 4);
    expect(run.state).toBe('refused');
    await expect(world.engine.operations.decide(run.id, undefined, ben, 'approve')).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(world.engine.operations.breakGlass(run.id, ben, 'payments are down for all')).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await world.engine.operations.breakGlass(run.id, ana, 'payments are down for all');
    await world.reaches(run.id, 'succeeded');
    expect((await world.pages()).at(-1)).toMatchObject({ key: `stamps/break-glass/${run.id}` });
    await expect(world.engine.operations.reviewBreakGlass(run.id, ana)).rejects.toMatchObject({ code: 'not-allowed' });
    expect((await world.engine.operations.reviewBreakGlass(run.id, ben)).breakGlass?.reviewedBy).toBe('U0BEN');
  });

  it('asks again for the review that a break-glass is owed, once an interval, until somebody has made it', async () => {
    world.dials.refusing.add('owed');
    const run = await world.turn(['owed'], 4);
    await world.engine.operations.breakGlass(run.id, ana, 'payments are down for all');
    await world.reaches(run.id, 'succeeded');
    const age = (intervals: number) =>
      world.context.database.query(
        `update stamps.runs set break_glass = jsonb_set(break_glass, '{at}',
           to_jsonb((break_glass->>'at')::timestamptz - make_interval(secs => $2))) where id = $1`,
        [run.id, (intervals * world.context.policy.breakGlass.remindEveryMs) / 1000],
      );
    const reminders = async () =>
      (await world.texts()).filter((text) => text.includes(`The break-glass of ${run.id} still has no review`));

    await world.engine.look();
    expect(await reminders()).toEqual([]);
    await age(2);
    await world.engine.look();
    await world.engine.look();
    expect(await reminders()).toEqual([
      `The break-glass of ${run.id} still has no review (reminder 2). Somebody other than @${ana.id} must look at it.`,
    ]);

    await world.engine.operations.reviewBreakGlass(run.id, ben);
    await age(1);
    await world.engine.look();
    expect(await reminders()).toHaveLength(1);
  });

  it('leaves an audit log that verifies and names who did what', async () => {
    await expect(world.engine.operations.exportAudit(ben)).rejects.toMatchObject({ code: 'not-allowed' });
    const log = await world.engine.operations.exportAudit(dana);
    expect(verifyChain(log)).toMatchObject({ ok: true });
    const kinds = new Set(
      log
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).kind as string),
    );
    for (const kind of [
      'run-requested',
      'approved',
      'queued',
      'change-intended',
      'step-finished',
      'succeeded',
      'break-glass',
      'replanned',
      'paused',
    ])
      expect(kinds).toContain(kind);
  });
});

describe('a run whose check finds our own database away', () => {
  it('waits until it is back, however long that takes, and goes on', async () => {
    let [passedMs, away] = [0, 0];
    const world = await startEngine({
      clock: { ...systemClock, now: () => Date.now() + passedMs },
      checks: {
        async 'may-turn'() {
          if (away === 0) return { ok: true, says: 'it may' };
          away -= 1;
          passedMs += 60_000;
          throw new OpsError('unavailable', 'The database can’t be reached.', { service: 'PostgreSQL' });
        },
      },
    });
    try {
      const run = await world.turn(['a'], 7);
      away = 3;
      await world.engine.operations.decide(run.id, undefined, ben, 'approve');
      await world.reaches(run.id, 'succeeded');
      expect(away).toBe(0);
      expect(world.dials.writes).toEqual([{ id: 'a', to: 7 }]);
    } finally {
      await world.stop();
    }
  });
});

describe('checks that follow on one another', () => {
  it('are asked side by side, with one checkpoint; the first of them to say no ends the run before it changes anything', async () => {
    let asked = 0;
    let allAsked = Promise.withResolvers<void>();
    const refusing = new Set<unknown>();
    const world = await startEngine({
      checks: {
        // Answers once all three are asked: one after the other they would never answer.
        async 'may-turn'({ dial }) {
          asked += 1;
          const all = allAsked;
          if (asked % 3 === 0) {
            allAsked = Promise.withResolvers();
            all.resolve();
          }
          await all.promise;
          return { ok: !refusing.has(dial), says: `${dial} is looked at` };
        },
      },
    });
    try {
      const run = await world.turn(['a', 'b', 'c'], 7);
      expect(run.state).toBe('waiting');
      refusing.add('b').add('c');
      await world.engine.operations.decide(run.id, undefined, ben, 'approve');
      const end = await world.reaches(run.id, 'stopped');
      expect(end.steps.map(({ stepId, state }) => [stepId, state])).toEqual([
        ['a-may-turn', 'done'],
        ['b-may-turn', 'failed'],
        ['c-may-turn', 'failed'],
      ]);
      expect(end.stateReason).toContain('b is looked at');
      expect(world.dials.writes).toEqual([]);
      const names = async () => {
        const noted = await DBOS.listWorkflowSteps(workflowId({ runId: run.id, attempt: 1 }));
        return noted?.map(({ name }) => name) ?? [];
      };
      // The last one is noted after the run has come to its end.
      let noted = await names();
      for (; noted.length < 2; noted = await names()) await systemClock.sleep(20);
      expect(noted).toEqual(['a-may-turn + b-may-turn + c-may-turn', 'settle']);
    } finally {
      await world.stop();
    }
  });
});

describe('a run that a dead process left in the middle', () => {
  it('goes on from its checkpoints, out of a queue that is looked at several times a second', async () => {
    const world = await startEngine();
    try {
      const { database, replica } = world.context;
      const run = await world.turn(['a', 'b'], 7);
      await world.engine.operations.decide(run.id, undefined, ben, 'approve');
      await world.reaches(run.id, 'succeeded');
      const workflow = workflowId({ runId: run.id, attempt: 1 });
      await DBOS.retrieveWorkflow(workflow).getResult();
      // As a process would leave it that died once the first dial was turned.
      world.dials.writes.length = 0;
      world.dials.state.delete('b');
      await database.transaction(async (tx) => {
        await tx.query(
          `insert into stamps.replicas (executor_id, host, pid, lease_until, taken_over_by) values ('dead', 'gone', 1, now(), $1)`,
          [replica.id],
        );
        await tx.query(
          `delete from dbos.operation_outputs where workflow_uuid = $1 and function_id >=
             (select function_id from dbos.operation_outputs where workflow_uuid = $1 and function_name = 'turn-b')`,
          [workflow],
        );
        await tx.query(
          `update dbos.workflow_status set status = 'PENDING', executor_id = 'dead', output = null where workflow_uuid = $1`,
          [workflow],
        );
        await tx.query(`update stamps.runs set state = 'running', owner = 'dead', finished_at = null where id = $1`, [
          run.id,
        ]);
      });
      await world.reaches(run.id, 'succeeded');
      expect(world.dials.writes).toEqual([{ id: 'b', to: 7 }]);
      const queues = await database.query(
        `select w.queue_name, q.polling_interval_sec from dbos.workflow_status w join dbos.queues q on q.name = w.queue_name
         where w.workflow_uuid = $1`,
        [workflow],
      );
      expect(queues).toEqual([{ queue_name: 'stamps-resumed', polling_interval_sec: 0.25 }]);
    } finally {
      await world.stop();
    }
  });
});
