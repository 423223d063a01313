import type { Estate } from '../domain/estate.ts';
import type { ScalingPolicy } from '../domain/scaling.ts';
import type { Database } from '../engine/database.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Logger } from '../ports/logger.ts';

/** What a look at the load works with. */
export interface LookParts {
  readonly database: Database;
  readonly estate: Estate;
  readonly policy: ScalingPolicy & { readonly channel: string };
  readonly azure: Pick<AzurePorts, 'metrics' | 'containerApps' | 'sqlTiers'>;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  /** IANA name of the zone whose clocks pictures show. */
  readonly timeZone: string;
  readonly logger: Logger;
}
