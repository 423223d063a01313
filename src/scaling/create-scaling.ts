import { zoneOf } from '../domain/digest-policy.ts';
import type { Estate } from '../domain/estate.ts';
import type { Loop } from '../engine/loops.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Logger } from '../ports/logger.ts';
import type { ScalingDesk } from '../ports/scaling.ts';
import { followRuns } from './follow-runs.ts';
import { lookAtLoad } from './look.ts';
import { createProposalDesk, type DeskParts } from './proposal-desk.ts';

export interface Scaling {
  readonly desk: ScalingDesk;
  readonly loops: readonly Loop[];
}

export interface ScalingParts extends DeskParts {
  readonly estate: Estate;
  readonly azure: Pick<AzurePorts, 'metrics' | 'containerApps' | 'sqlTiers'>;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

const lookEveryMs = 5_000;
const followEveryMs = 1_000;

/** Scaling proposals, and what people do with them. Without a channel in the policy nothing is proposed. */
export function createScaling(parts: ScalingParts): Scaling {
  const { database, policy, stopping } = parts;
  const { scaling } = policy;
  const channel = scaling?.channel;
  return {
    desk: createProposalDesk(parts),
    loops: [
      { name: 'scaling runs', everyMs: followEveryMs, work: () => followRuns(database) },
      ...(scaling && channel !== undefined
        ? [
            {
              name: 'scaling triggers',
              everyMs: lookEveryMs,
              work: () => lookAtLoad({ ...parts, policy: { ...scaling, channel }, timeZone: zoneOf(policy) }, stopping),
            },
          ]
        : []),
    ],
  };
}
