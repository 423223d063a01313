import type { Estate } from '../domain/estate.ts';
import { createPlaceFinder } from '../domain/find-place.ts';
import type { Database } from '../engine/database.ts';
import type { Clock } from '../ports/clock.ts';
import type { Route } from '../ports/http.ts';
import type { Logger } from '../ports/logger.ts';
import { createAlertWriter } from './alert-writer.ts';
import { type AlertAccess, createAuthenticate } from './authenticate.ts';
import { createAlertRoutes } from './routes.ts';

export interface AlertsParts {
  readonly database: Database;
  readonly estate: Estate;
  /** Undefined: nobody may post alerts. */
  readonly access: AlertAccess | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

/** Something that is done again and again until the app stops. */
export interface Loop {
  readonly name: string;
  readonly everyMs: number;
  work(): Promise<unknown>;
}

/** All that takes alerts in and makes incidents of them. */
export interface Alerts {
  readonly routes: readonly Route[];
  readonly loops: readonly Loop[];
}

export function createAlerts({ database, estate, access, clock, logger, stopping }: AlertsParts): Alerts {
  const writer = createAlertWriter(database, clock, stopping, () => undefined);
  return {
    routes: createAlertRoutes({
      authenticate: createAuthenticate(access, clock),
      placeOf: createPlaceFinder(estate),
      writer,
      clock,
      logger,
    }),
    loops: [],
  };
}
