/** Where a process dies, beside one step: the step's work is what its DBOS step does, the checkpoint what DBOS keeps of it. */
export const points = ['before', 'during', 'after-effect', 'after-checkpoint'] as const;

export interface KillPoint {
  /** The step's id, or `settle` for the end of the run. */
  readonly step: string;
  readonly point: (typeof points)[number];
  /** For `during`: so long after the work began; when the work is shorter, at its end. */
  readonly afterMs: number;
}

/** What the process under test tells: a step began, or ended after so many milliseconds; or it knows where to die. */
export type Told =
  | { readonly began: string }
  | { readonly ended: string; readonly ms: number }
  | { readonly armed: true };
