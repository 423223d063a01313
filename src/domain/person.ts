/** Somebody in Slack, known by immutable ids only: names are for showing. */
export interface Person {
  /** Slack user id, `U…` or `W…`. */
  readonly id: string;
  readonly teamId: string;
  /** Display name as Slack has it; unescaped text of a stranger. */
  readonly name: string;
  /** What others type behind `@`; for finding whom somebody means, never for a right. */
  readonly handle?: string;
  /** Why this identity may do nothing at all; absent for a full member of this workspace. */
  readonly barred?: 'bot' | 'deactivated' | 'guest' | 'stranger' | 'unknown';
}

/** A person with the policy groups that they are in at this moment. */
export interface Member extends Person {
  readonly groups: readonly string[];
}
