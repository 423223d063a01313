import type { Estate } from '../domain/estate.ts';
import type { IncidentPolicy } from '../domain/incident-policy.ts';
import type { KpiDefinition } from '../domain/kpi.ts';
import type { Database } from '../engine/database.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Forecaster } from './forecaster.ts';

/** What reports are made from. */
export interface DigestContext {
  readonly database: Database;
  readonly estate: Estate;
  readonly definitions: readonly KpiDefinition[];
  /** Absent when Azure is not configured. */
  readonly azure: AzurePorts | undefined;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  /** Its clocks say what an acknowledgement in time is. */
  readonly incidentPolicy: IncidentPolicy;
  readonly forecast: Forecaster;
  readonly clock: Clock;
  readonly logger: Logger;
}
