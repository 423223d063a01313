import type { z } from 'zod';
import type { DeclaredRules } from '../domain/alert-rule.ts';
import type { Policy } from '../domain/approval.ts';
import type { Estate } from '../domain/estate.ts';
import type { Json } from '../domain/json.ts';
import type { Plan } from '../domain/plan.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { AzurePorts } from './azure.ts';
import type { ResourceKind } from './resource-kind.ts';

/** What a playbook may look at while it plans. Read-only by intent: it writes nothing, retries nothing, logs nothing. */
export interface PlanContext {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: AzurePorts;
  /** What alert-rules.yml says; absent: there is no such file. */
  readonly alertRules?: DeclaredRules | undefined;
  /** By kind: to read and describe any resource, `lease` among them. */
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  /** Open leases, by subject. */
  leases(): Promise<Lease[]>;
  /** A run with its recorded undo. */
  run(id: string): Promise<Run>;
  /** What each change of a run really found before it wrote, in the order of the writes. */
  recordedUndo(runId: string): Promise<RecordedChange[]>;
  /** The run that is being planned: what it has done already is not in its way when it is planned anew. */
  readonly runId: string;
  /** When the person asked, ISO 8601, UTC: a playbook has no clock of its own. */
  readonly requestedAt: string;
  readonly signal: AbortSignal;
}

export interface RecordedChange {
  readonly stepId: string;
  readonly resource: { readonly kind: string; readonly id: string };
  readonly before: Json;
  readonly after: Json;
}

/**
 * One runbook as code: it reads live state and answers with a plan.
 * Throws `refused` when there is nothing to plan (isolated already), `not-found` and `ambiguous` for bad names.
 */
export interface Playbook<Input extends z.ZodType = z.ZodType> {
  /** Kebab-case; never renamed once released. */
  readonly name: string;
  readonly summary: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly input: Input;
  plan(input: z.output<Input>, context: PlanContext): Promise<Plan>;
}

/** Gives `input` and `plan` their types; answers with what it got. */
export function definePlaybook<Input extends z.ZodType>(playbook: Playbook<Input>): Playbook<Input> {
  return playbook;
}
