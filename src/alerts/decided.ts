import type { Alert } from '../domain/alert.ts';
import type { StoredTrouble } from './load-troubles.ts';

/** An alert that nobody has looked at. */
export interface UnhandledAlert {
  readonly seq: number;
  readonly key: string;
  readonly instance: string;
  readonly condition: Alert['condition'];
  readonly alert: Alert;
  readonly spot: string;
  readonly at: string;
  readonly fired_at: string;
  readonly received_at: string;
}

/** What became of one alert. */
export interface Outcome {
  readonly seq: number;
  readonly incident?: string;
  readonly outcome: string;
  readonly overAt?: string;
  readonly silencedBy?: string;
}

/** What happened to one incident. */
export interface Change {
  readonly trouble: StoredTrouble;
  /** The alert that opened it. */
  readonly openedBy?: UnhandledAlert;
  readonly joined: { readonly alert: UnhandledAlert; readonly because: string }[];
  readonly absorbed: { readonly id: string; readonly because: string }[];
  reopens?: string;
  readonly was: Pick<StoredTrouble, 'severity' | 'place'>;
}
