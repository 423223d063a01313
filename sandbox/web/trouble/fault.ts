import type { FaultRequest } from '../../page-faults.ts';

/** Breaks or mends something; what goes wrong with that is told on the page. */
export type Fault = (request: FaultRequest) => void;
