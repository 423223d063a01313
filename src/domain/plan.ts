import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Impact } from './impact.ts';
import type { Json, JsonObject } from './json.ts';
import type { AnyDirection } from './scaling.ts';

/** One thing in the world that a step changes. `id` is its ARM id, or a path of ours such as `lease/cell-banking`. */
export interface ResourceRef {
  readonly kind: string;
  readonly id: string;
}

/** A read-only assertion, by the name of a registered check. */
export interface CheckStep {
  readonly kind: 'check';
  readonly id: string;
  /** What is asserted, as a line of words. */
  readonly says: string;
  readonly check: string;
  readonly args: JsonObject;
  /** Whether break-glass may go past its refusal. */
  readonly override: 'break-glass' | 'never';
}

/** A resource goes from a known state to a wanted one; `null` is absence. */
export interface ChangeStep {
  readonly kind: 'change';
  readonly id: string;
  readonly says: string;
  readonly resource: ResourceRef;
  readonly before: Json;
  readonly after: Json;
  /** How long the write and the wait for its effect may take together. */
  readonly timeoutMs: number;
}

/** An effect with no state to compare; the engine gives it the key `<run>:<step>`, which its receiver deduplicates. */
export interface ActStep {
  readonly kind: 'act';
  readonly id: string;
  readonly says: string;
  readonly act: string;
  readonly args: JsonObject;
}

/** A durable soak; its checks are looked at while it lasts, and end the run when one fails. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly id: string;
  readonly says: string;
  readonly forMs: number;
  readonly watch: readonly Pick<CheckStep, 'check' | 'args' | 'says'>[];
}

export type Step = CheckStep | ChangeStep | ActStep | WaitStep;

/** The playbook that takes back what another one did. */
export const undoPlaybook = 'undo-run';

/** What a person approves: exactly this, by its hash. Holds nothing that changes from one reading to the next. */
export interface Plan {
  readonly playbook: string;
  /** What the run does, as a headline: `Isolate cell-banking until 07:11 UTC`. */
  readonly title: string;
  readonly target: { readonly region?: string; readonly cell?: string };
  /** It takes back a run of this playbook, or makes again what was taken back of one. */
  readonly takesBack?: string;
  /** It gives its cell more replicas or fewer, or a larger or smaller SQL database. */
  readonly scale?: AnyDirection;
  readonly reason: string;
  readonly steps: readonly Step[];
  readonly impact: Impact;
  /** Ids of the resources on which no other run may write at the same time; an Application Gateway is one resource. */
  readonly locks: readonly string[];
  /** `ask` stops and asks a person; `undo` takes back what was done, in reverse. */
  readonly onFailure: 'ask' | 'undo';
  /** How it is undone, as a line of words. */
  readonly undo: string;
  /** What must hold before it is taken back, where that can hurt; absent: nothing, for what must come back whatever happens. */
  readonly beforeUndo?: readonly CheckStep[];
}

/** SHA-256 of the plan's canonical JSON (RFC 8785), in lower-case hex. */
export function planHash(plan: Plan): string {
  return createHash('sha256')
    .update(canonicalize(plan) as string)
    .digest('hex');
}

/** The first 8 characters of the hash: what people read out to each other. */
export function planCode(hash: string): string {
  return hash.slice(0, 8);
}

export function changes(plan: Plan): ChangeStep[] {
  return plan.steps.filter((step) => step.kind === 'change');
}

/** Are two states the same, whatever the order of their keys? */
export function sameState(a: Json, b: Json): boolean {
  return canonicalize(a) === canonicalize(b);
}

/** The same changes taken back: in reverse, before and after swapped. Its own inverse. */
export function invertChanges(steps: readonly ChangeStep[]): ChangeStep[] {
  return steps.map((step) => ({ ...step, before: step.after, after: step.before })).reverse();
}
