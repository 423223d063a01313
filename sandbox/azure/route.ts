import type { ArmPath } from './arm-path.ts';
import type { Estate } from './estate.ts';
import type { Faults } from './faults.ts';
import type { Call, Reply } from './json-server.ts';

/** A request to ARM that has passed the gate: known path, good token, api-version. */
export interface ArmCall extends Call {
  readonly path: ArmPath;
  readonly apiVersion: string;
  readonly estate: Estate;
  readonly faults: Faults;
  readonly now: number;
  readonly backendHealthDelayMs: number;
}

export interface ArmReply extends Reply {
  /** Of a write: did it change anything? Default: yes. */
  readonly changed?: boolean;
}

/** What ARM does for one kind of request. */
export interface Route {
  /** `GET microsoft.app/containerapps/revisions`; a list ends with `[]`, an action with `:activate`. */
  readonly on: string;
  /** The oldest api-version whose shapes this is. */
  readonly since: string;
  /** Of a POST: it changes the resource, and is recorded. */
  readonly writes?: boolean;
  run(call: ArmCall): ArmReply;
}

export function routeKey(method: string, { type, isList, action }: ArmPath): string {
  return `${method} ${type}${isList ? '[]' : ''}${action === undefined ? '' : `:${action}`}`;
}

export function ok(body: unknown): ArmReply {
  return { status: 200, body };
}

/** ARM's ids ignore case. */
export function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
