import { z } from 'zod';
import type { Policy } from '../../src/domain/approval.ts';
import { impactOf } from '../../src/domain/impact.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Member } from '../../src/domain/person.ts';
import { type ChangeStep, invertChanges, type Plan, sameState } from '../../src/domain/plan.ts';
import type { Run, RunState } from '../../src/domain/run.ts';
import type { EngineContext } from '../../src/engine/context.ts';
import { createEngine, type Engine, type EngineHooks, type EngineOptions } from '../../src/engine/engine.ts';
import { createLeaseKind } from '../../src/engine/lease-kind.ts';
import { joinReplicas } from '../../src/engine/replica.ts';
import type { AzurePorts } from '../../src/ports/azure.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { definePlaybook } from '../../src/ports/playbook.ts';
import type { Presenter } from '../../src/ports/presenter.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';
import { newDatabase } from './test-database.ts';

export const ana: Member = { id: 'U0ANA', teamId: 'T0', name: 'Ana', groups: ['sre', 'oncall'] };
export const ben: Member = { id: 'U0BEN', teamId: 'T0', name: 'Ben', groups: ['sre'] };
export const dana: Member = { id: 'U0DANA', teamId: 'T0', name: 'Dana', groups: ['managers'] };
export const gus: Member = { id: 'U0GUS', teamId: 'T0', name: 'Gus', groups: [], barred: 'guest' };

export const policy: Policy = {
  groups: { sre: { slackGroup: 'S0SRE' }, managers: { people: ['U0DANA'] }, oncall: { people: ['U0ANA'] } },
  rules: [
    {
      match: {},
      requesters: ['sre'],
      approvals: 1,
      approvers: ['sre', 'managers'],
      fromDifferentGroups: false,
      expiresAfterMs: 1_800_000,
      remindBeforeMs: 600_000,
    },
  ],
  breakGlass: { who: ['oncall'], remindEveryMs: 3_600_000 },
  operators: ['managers'],
  incidents: defaultIncidentPolicy,
  caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
};

/** A world of named dials, each holding a number; every accepted write is remembered. */
export class Dials {
  readonly state = new Map<string, Json>();
  /** Of dials that have one. */
  readonly versions = new Map<string, string>();
  /** Of dials whose version may stay as it is over a change. */
  readonly roundTripMs = new Map<string, number>();
  readonly writes: { id: string; to: Json }[] = [];
  /** What the next writes meet, first one first; a function runs instead of the write. */
  readonly faults: ((id: string, to: Json) => void | Promise<void>)[] = [];
  /** Checks that say no, by dial. */
  readonly refusing = new Set<string>();

  readonly kind: ResourceKind = {
    kind: 'dial',
    read: async ({ id }) => {
      const [version, roundTripMs] = [this.versions.get(id), this.roundTripMs.get(id)];
      return {
        state: this.state.get(id) ?? null,
        ...(version !== undefined && { version }),
        ...(roundTripMs !== undefined && { roundTripMs }),
      };
    },
    write: async ({ id }, to) => {
      await this.faults.shift()?.(id, to);
      this.state.set(id, to);
      this.writes.push({ id, to });
      return {};
    },
    equals: sameState,
    describe: (before, after) => `${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  };
}

const turnInput = z.object({
  dials: z.array(z.string()).min(1),
  to: z.number(),
  cell: z.string().optional(),
  region: z.string().optional(),
  locks: z.array(z.string()).default([]),
  onFailure: z.enum(['ask', 'undo']).default('ask'),
});

function toyPlaybooks(dials: Dials) {
  const plan = (playbook: string, steps: Plan['steps'], more: Partial<Plan> = {}): Plan => ({
    playbook,
    title: `Turn ${steps.length} dials`,
    target: {},
    reason: 'because a test says so',
    steps,
    impact: impactOf([], { healthyCellsLeft: [], cellsOut: 0 }),
    locks: [],
    onFailure: 'ask',
    undo: 'turned back',
    ...more,
  });
  const turn = definePlaybook({
    name: 'turn',
    summary: 'Turn dials',
    risk: 'low',
    input: turnInput,
    async plan({ dials: names, to, cell, region, locks, onFailure }, { signal }) {
      const steps: Plan['steps'][number][] = names.map((dial) => ({
        kind: 'check',
        id: `${dial}-may-turn`,
        says: `${dial} may be turned`,
        check: 'may-turn',
        args: { dial },
        override: 'break-glass',
      }));
      for (const name of names) {
        const resource = { kind: 'dial', id: name };
        const { state } = await dials.kind.read(resource, signal);
        steps.push({
          kind: 'change',
          id: `turn-${name}`,
          says: `turn ${name} to ${to}`,
          resource,
          before: state,
          after: to,
          timeoutMs: 3_000,
        });
      }
      const target = { ...(cell !== undefined && { cell }), ...(region !== undefined && { region }) };
      return plan('turn', steps, { locks, onFailure, target });
    },
  });
  const undoRun = definePlaybook({
    name: 'undo-run',
    summary: 'Take back a run',
    risk: 'low',
    input: z.object({ run: z.string() }),
    async plan({ run }, context) {
      const recorded = await context.recordedUndo(run);
      const steps = recorded.map(
        (change): ChangeStep => ({ kind: 'change', id: change.stepId, says: 'turn back', ...change, timeoutMs: 3_000 }),
      );
      return plan('undo-run', invertChanges(steps));
    },
  });
  return [turn, undoRun];
}

const show = process.env.TEST_LOG
  ? (fields: object, message: string) => console.error(message, fields)
  : () => undefined;
export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: show,
  error: show,
  child: () => quiet,
};

/** Shows states as text, so that tests read what people would. */
const presenter: Presenter = {
  runCard: ({ run }) => ({ text: `${run.id} ${run.state} ${run.stateReason}`, blocks: [] }),
  notice: (parts) => ({
    text: parts.map((part) => (typeof part === 'string' ? part : `@${Object.values(part)[0]}`)).join(''),
    blocks: [],
  }),
  approvalRequest: ({ run }) => ({ text: `approve ${run.id}? ${run.state}`, blocks: [] }),
  reviewRequest: ({ run }) => ({ text: `review ${run.id} ${run.breakGlass?.reviewedBy ?? 'owed'}`, blocks: [] }),
  leaseReminder: ({ subject, ended }) => ({ text: `lease of ${subject} ${ended ? 'ended' : 'ends soon'}`, blocks: [] }),
};

export interface EngineHarness {
  readonly engine: Engine;
  readonly context: EngineContext;
  readonly dials: Dials;
  /** What was wanted of the pager. */
  pages(): Promise<{ key: string; summary: string }[]>;
  /** Asks as Ana to turn dials: on a region of its own, unless another place is given. */
  turn(dials: readonly string[], to: number, more?: Partial<z.input<typeof turnInput>>): Promise<Run>;
  /** The run once it has reached one of these states. */
  reaches(id: string, ...states: RunState[]): Promise<Run>;
  texts(): Promise<string[]>;
  /** Once a message says exactly this. */
  says(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The real engine on a database of its own, over a world of dials. */
export async function startEngine(
  changes: Partial<EngineContext> = {},
  { tracing = false, ...hooks }: EngineOptions & Partial<EngineHooks> = {},
): Promise<EngineHarness> {
  const database = await newDatabase();
  const dials = new Dials();
  const stopper = new AbortController();
  const context: EngineContext = {
    database,
    replica: await joinReplicas(database, 'test', quiet),
    clock: systemClock,
    logger: quiet,
    stopping: stopper.signal,
    estate: {
      subscriptionId: '',
      regions: [],
      cells: [],
      tenants: { endpoint: '', database: '', container: '' },
      trafficManagerId: '',
      frontDoorId: '',
      apim: { id: '', metricsUrl: '', tenantSubscription: '{tenant}-subscription' },
      kpiBounds: {},
      drainMs: 0,
    },
    policy,
    azure: {} as AzurePorts,
    people: { member: async () => ana, inGroups: async () => [ana.id] },
    presenter,
    playbooks: toyPlaybooks(dials),
    kinds: { dial: dials.kind, lease: createLeaseKind(database) },
    checks: {
      'may-turn': async ({ dial }) => ({ ok: !dials.refusing.has(String(dial)), says: `${dial} is looked at` }),
    },
    acts: {},
    ...changes,
  };
  const engine = createEngine(context, database.url, { onFenced: () => stopper.abort(), ...hooks }, { tracing });
  await engine.start();

  async function texts(): Promise<string[]> {
    const rows = await database.query<{ text: string }>(
      `select content->>'text' as text from stamps.messages order by seq`,
    );
    return rows.map(({ text }) => text);
  }

  let asked = 0;
  return {
    engine,
    context,
    dials,
    async pages() {
      const rows = await database.query<{ page: { key: string; summary: string } }>(
        `select args->'page' as page from stamps.effects where kind = 'pagerduty-trigger' order by seq`,
      );
      return rows.map(({ page }) => page);
    },
    turn(names, to, more = {}) {
      asked += 1;
      return engine.operations.request({
        requestKey: `t-${asked}`,
        playbook: 'turn',
        input: JSON.parse(JSON.stringify({ dials: names, to, region: `region-${asked}`, ...more })),
        requester: ana,
        channel: 'C0',
      });
    },
    async reaches(id, ...states) {
      for (const endsAt = Date.now() + 15_000; ; ) {
        const run = await engine.operations.run(id);
        if (states.includes(run.state)) return run;
        if (Date.now() > endsAt)
          throw new Error(`${id} is ${run.state} (${run.stateReason}), not ${states.join(' or ')}`);
        await systemClock.sleep(20);
      }
    },
    texts,
    async says(text) {
      for (const endsAt = Date.now() + 15_000; ; ) {
        const said = await texts();
        if (said.includes(text)) return;
        if (Date.now() > endsAt) throw new Error(`Nothing says “${text}”, only: ${said.join(' | ')}`);
        await systemClock.sleep(20);
      }
    },
    async stop() {
      stopper.abort();
      await engine.stop();
      await database.close();
    },
  };
}
