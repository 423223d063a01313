import type { Incident } from '../domain/incident.ts';
import type { Member } from '../domain/person.ts';
import type { StatusComponent, StatusPurpose, StatusUpdate } from '../domain/status-update.ts';

/** An incident on the status page. */
export interface PublishedIncident {
  readonly id: string;
  /** Where customers read it; https. */
  readonly link: string;
}

/**
 * What customers read. Errors: `throttled` with retryAfterMs, `unavailable`, `timeout` (a lost answer: it may have
 * happened), `misconfigured` (key, page), `bad-input`, `refused` (nothing is open that could be resolved), `bad-response`.
 */
export interface StatusPagePort {
  /** All parts of the service, in the page's order. */
  components(signal: AbortSignal): Promise<StatusComponent[]>;
  /**
   * Publishes an update: the first of a marker opens an incident there, later ones go to the same. `key` names the
   * update: what was published before is found and left. At most a hundred incidents back are looked at.
   */
  publish(update: StatusUpdate, marker: string, key: string, signal: AbortSignal): Promise<PublishedIncident>;
}

/** What a person edits before it is published. */
export interface StatusDraft {
  readonly incident: Incident;
  readonly update: StatusUpdate;
  readonly components: readonly StatusComponent[];
  /** Something was published, or is on its way. */
  readonly published: boolean;
}

/** What people ask of the status page in Slack. Throws `misconfigured` when there is none. */
export interface StatusDesk {
  readonly configured: boolean;
  /**
   * `regions`: only their components are filled in, where less was found broken than the incident's place says.
   * Throws `not-found`, and `conflict` for what is not open on the page.
   */
  draft(purpose: StatusPurpose, incidentId: string, regions?: readonly string[]): Promise<StatusDraft>;
  /** Publishes durably. The same key again publishes nothing. Throws `not-allowed` for who may not respond. */
  publish(key: string, incidentId: string, update: StatusUpdate, member: Member): Promise<Incident>;
}
