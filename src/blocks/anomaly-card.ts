import type { Anomaly } from '../domain/anomaly.ts';
import { cellOfScope, kpiState } from '../domain/kpi.ts';
import { boundsInWords, kpiValue } from '../domain/kpi-words.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { ShownPicture } from './daily-digest.ts';
import { date } from './date.ts';
import { actions, button, context, picture, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { kpiName, kpiStateWords } from './kpi-lines.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';
import { actionIds } from './run-buttons.ts';
import { statusButtonId } from './status-buttons.ts';

export const anomalyActionIds = { snooze: 'anomaly_snooze' } as const;
export const anomalySnoozeDays = 1;

/** An indicator that left its seasonal band; drawn anew while it is out, and when it is back. */
export function anomalyCard(anomaly: Anomaly, shown: ShownPicture | undefined): MessageContent {
  const { definition, scope, worst, hours, lastHour, closedAt, snoozedUntil, snoozedBy } = anomaly;
  const say = (value: number) => kpiValue(definition.unit, value);
  const name = `*${kpiName(definition, scope)}*`;
  const state =
    closedAt === undefined
      ? `📈 ${name} is out of what is usual for this hour`
      : `✅ ${name} is no longer out of what is usual, as of ${date(closedAt, 'day')}`;
  return message(`${state}: ${say(worst.value)}`, [
    section(
      state,
      `${say(worst.value)} at ${date(worst.at, 'day')}, usual are ${say(worst.low)} to ${say(worst.high)}; ${hours} hours in a row, the last at ${date(lastHour, 'day')}`,
      `${kpiStateWords[kpiState(definition, worst.value)]} (${escapeText(boundsInWords(definition).join(', '))})`,
      ...(snoozedUntil === undefined
        ? []
        : [
            `🔕 No new card before ${date(snoozedUntil, 'day')}${snoozedBy === undefined ? '' : `, says ${mention(snoozedBy)}`}`,
          ]),
    ),
    ...(shown ? [picture(shown.fileId, shown.altText)] : []),
    ...(closedAt === undefined ? actions(...buttonsOf(anomaly)) : []),
    context('Means of an hour; of a quiet indicator one hour in a hundred lies outside by chance'),
  ]);
}

function buttonsOf({ id, scope, snoozedUntil }: Anomaly) {
  const cell = cellOfScope(scope);
  return [
    button({
      text: 'Show its status',
      actionId: statusButtonId(0),
      value: cell === undefined ? 'global' : `cell ${cell}`,
    }),
    ...(snoozedUntil === undefined
      ? [button({ text: 'Snooze for a day', actionId: anomalyActionIds.snooze, value: id })]
      : []),
    ...(cell === undefined ? [] : [button({ text: 'Isolate a cell…', actionId: actionIds.openIsolate, value: cell })]),
  ];
}
