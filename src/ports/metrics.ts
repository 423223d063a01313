import type { Step } from '../domain/plan.ts';
import type { RunState, StepReport } from '../domain/run.ts';

/** What the product tells about itself; counted as it happens. All durations are in milliseconds. */
export interface Metrics {
  runEntered(playbook: string, state: RunState): void;
  stepFinished(kind: Step['kind'], outcome: StepReport['state'], tookMs: number): void;
  /** From Slack's request coming in to its 200 going out. */
  acknowledged(type: 'command' | 'action' | 'submission' | 'mention' | 'edit' | 'pin' | 'home', tookMs: number): void;
  /** Runs that a process left behind were resumed here. */
  tookOver(runs: number): void;
  /** From an alert coming in to its answer going out. */
  alertAnswered(poster: string, status: number, tookMs: number): void;
}

/** What is looked up when the figures are asked for. */
export interface Levels {
  /** Messages that wait to be shown by Slack. */
  outboxDepth(): Promise<number>;
  /** Pages, posts on the status page and other effects outside that are not done yet. */
  effectsDepth(): Promise<number>;
  leasesHeld(): Promise<number>;
}
