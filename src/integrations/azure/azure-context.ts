import type { TokenCredential } from '@azure/identity';
import type { Clock } from '../../ports/clock.ts';
import type { Arm } from './arm.ts';
import type { Caller } from './caller.ts';

/** What all clients of this folder are made with. */
export interface AzureContext {
  readonly arm: Arm;
  readonly call: Caller;
  readonly credential: TokenCredential;
  readonly clock: Clock;
}
