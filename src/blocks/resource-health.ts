import { redact } from '../domain/redact.ts';
import type { HealthFinding, HealthSummary, ResourceHealth } from '../domain/resource-health.ts';
import { cut, moreThan } from './cut.ts';
import { date } from './date.ts';
import { escapeText } from './escape-text.ts';

const title = '*Azure Resource Health*, minutes behind:';
const mostLines = 5;
const mostNames = 3;

/** Azure's own word on some resources, and below it on those that are not well; undefined: it could not be read. */
export function healthLines(summary: HealthSummary | undefined): string[] {
  if (summary === undefined) return ['❔ *Azure Resource Health:* not known'];
  const { watched, available, unknown, bad } = summary;
  if (watched === 0) return ['❔ *Azure Resource Health:* Azure watches none of these resources'];
  const counts = [
    ...(bad.length > 0 ? [badCounts(bad)] : []),
    ...(available > 0 ? [`${available} ${bad.length > 0 ? 'available' : 'resources available'}`] : []),
    ...(unknown > 0 ? [`nothing heard of ${unknown}`] : []),
  ];
  const lines = findingLines(bad);
  const left = lines.length - mostLines;
  return [
    `${signOf(summary)} ${title} ${counts.join(', ')}`,
    ...lines.slice(0, mostLines).map((line) => `• ${line}`),
    ...(left > 0 ? [moreThan(left)] : []),
  ];
}

/** `3 unavailable, 1 degraded` */
export function badCounts(bad: readonly HealthFinding[]): string {
  const counts = (['unavailable', 'degraded'] as const).map((state) => {
    const count = bad.filter((one) => one.state === state).length;
    return count > 0 ? `${count} ${state}` : '';
  });
  return counts.filter((count) => count !== '').join(', ');
}

function signOf({ available, bad }: HealthSummary): string {
  // What somebody switched off is not broken.
  if (bad.some(({ state, cause }) => state === 'unavailable' && cause !== 'customer')) return '🔴';
  if (bad.length > 0) return '⚠️';
  // Nor is what Azure finds nothing wrong with well: it is late, and knows nothing of what runs there.
  return available > 0 ? '▫️' : '❔';
}

/** Azure's own word on one resource. */
export function wordLine(health: ResourceHealth | undefined): string {
  if (health === undefined) return '❔ *Azure Resource Health:* not known';
  switch (health.state) {
    case 'available':
      return `▫️ ${title} available`;
    case 'unknown':
      return `❔ ${title} nothing heard of it`;
    default:
      return `${health.state === 'unavailable' && health.cause !== 'customer' ? '🔴' : '⚠️'} ${title} ${stateWords(health)}`;
  }
}

/**
 * `*agw-stamps, kv-stamps, sql-cell-a* and 8 more in eastus are unavailable since 09:12, Azure’s own doing: “A problem …”`:
 * a line for all resources of a region of which Azure says the same, or of a cell where all of them are its own.
 */
export function findingLines(bad: readonly HealthFinding[]): string[] {
  const same = Map.groupBy(bad, ({ region, state, cause, planned, says }) =>
    JSON.stringify([region, state, cause, planned, says]),
  );
  return [...same.values()].map(groupLine);
}

function groupLine(group: readonly HealthFinding[]): string {
  const [first] = group as readonly [HealthFinding, ...HealthFinding[]];
  const { cell, region } = first;
  const named = group.slice(0, mostNames).map(({ id }) => cut(escapeText(id.split('/').at(-1) ?? ''), 60));
  const others = group.length - named.length;
  const ofOneCell = cell !== undefined && group.every((one) => one.cell === cell);
  const where = ofOneCell
    ? ` of ${cut(escapeText(cell), 60)}`
    : region === undefined
      ? ''
      : ` in ${cut(escapeText(region), 60)}`;
  return `*${named.join(', ')}*${others > 0 ? ` and ${others} more` : ''}${where} ${group.length > 1 ? 'are' : 'is'} ${stateWords(
    first,
    group.some(({ since }) => since !== first.since),
  )}`;
}

function stateWords({ state, since, says, ...whose }: ResourceHealth, orLater = false): string {
  return [
    state,
    since === undefined ? '' : ` since ${date(since, 'day')}${orLater ? ' or later' : ''}`,
    `, ${causeWords(whose)}`,
    says === undefined ? '' : `: “${cut(escapeText(redact(says)), 160)}”`,
  ].join('');
}

function causeWords({ cause, planned }: Pick<ResourceHealth, 'cause' | 'planned'>): string {
  switch (cause) {
    case 'platform':
      return planned === true ? 'Azure’s own doing, as planned' : 'Azure’s own doing';
    case 'customer':
      return 'somebody’s doing, not Azure’s';
    default:
      return 'whose doing Azure does not say';
  }
}
