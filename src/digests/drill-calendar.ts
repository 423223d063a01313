import { Cron } from 'croner';
import { drillAhead, drillAsked, drillSkipped } from '../blocks/drill-notice.ts';
import { type DrillSetting, drillPattern } from '../domain/drill-schedule.ts';
import { formatDuration } from '../domain/duration.ts';
import type { Incident } from '../domain/incident.ts';
import type { WantedMessage } from '../engine/messages.ts';
import type { EngineOperations } from '../engine/operations.ts';
import type { Occurrence, Schedule } from '../engine/schedules.ts';
import { isOpsError } from '../errors.ts';
import type { MessageContent } from '../ports/chat.ts';

export interface DrillCalendarParts {
  readonly operations: Pick<EngineOperations, 'requestByCalendar' | 'paused'>;
  /** Those that nobody has resolved. */
  openIncidents(): Promise<readonly Pick<Incident, 'id' | 'severity' | 'title'>[]>;
}

/** How often it is looked whether a drill is near enough to be said. */
const lookPattern = '0 * * * *';

/**
 * Two schedules for each drill of the policy: one says it ahead, once; the other plans it when it is due and puts the
 * plan up for approval. It never runs by itself, and is skipped, with the reason, while something is wrong.
 */
export function createDrillCalendar(parts: DrillCalendarParts, settings: readonly DrillSetting[]): Schedule[] {
  return settings.flatMap((setting) => {
    const name = `drill/${setting.region}`;
    const pattern = drillPattern(setting);
    const cron = new Cron(pattern, { timezone: setting.zone, paused: true });
    const says = (key: string, content: MessageContent): WantedMessage[] => [
      { key, channel: setting.channel, priority: 2, content },
    ];
    return [
      {
        name: `${name}/ahead`,
        pattern: lookPattern,
        timeZone: setting.zone,
        async work({ dueAt, lateMs }) {
          const now = Date.parse(dueAt) + lateMs;
          const next = cron.nextRun(new Date(now));
          if (!next || next.getTime() - now > setting.aheadMs) return [];
          // The key is the drill's own time: looked at every hour, it is said once.
          return says(`${name}:${next.toISOString()}:ahead`, drillAhead(setting, next.toISOString()));
        },
      },
      {
        name,
        pattern,
        timeZone: setting.zone,
        work: async (occurrence) => says(`${name}:${occurrence.dueAt}`, await due(parts, setting, name, occurrence)),
      },
    ];
  });
}

async function due(
  { operations, openIncidents }: DrillCalendarParts,
  setting: DrillSetting,
  name: string,
  { dueAt, lateMs }: Occurrence,
): Promise<MessageContent> {
  const { region, to, withData, lastsMs, windowMs, channel } = setting;
  if (lateMs >= windowMs)
    return drillSkipped(setting, `Stamps was away at its time, and is ${formatDuration(lateMs)} late.`);
  const [paused, incidents] = await Promise.all([operations.paused(), openIncidents()]);
  if (paused) return drillSkipped(setting, `everything is paused: ${paused.reason}`);
  const grave = incidents.find(({ severity }) => severity !== 'P3');
  if (grave) return drillSkipped(setting, `${grave.id} (${grave.severity}) is open: ${grave.title}`);
  const input = {
    region,
    ...(to !== undefined && { to }),
    withData,
    for: formatDuration(lastsMs),
    reason: 'The drill that the calendar asks for.',
  };
  try {
    const request = { requestKey: `${name}:${dueAt}`, playbook: 'drill-region', input, channel };
    const run = await operations.requestByCalendar(request, windowMs - lateMs);
    return run.state === 'refused'
      ? drillSkipped(setting, run.stateReason, run.id)
      : drillAsked(setting, run.id, run.expiresAt);
  } catch (error) {
    // What may pass is tried again; what the playbook or the policy refuses is refused until the next time.
    if (!isOpsError(error) || error.transient || error.code === 'fenced' || error.service === 'PostgreSQL') throw error;
    return drillSkipped(setting, error.hint === undefined ? error.message : `${error.message} ${error.hint}`);
  }
}
