import { dayMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import type { Finding, FindingKind } from '../domain/maintenance.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';
import type { Gathering } from './gather.ts';

const certificateDays = 30;
const weekMs = 7 * dayMs;

/** What maintenance finds, by kind; undefined where it could not be read. */
export type Found = Readonly<Record<FindingKind, Finding[] | undefined>>;

/** Reads all kinds side by side. `at`: milliseconds since 1970. */
export async function readFindings(
  upkeep: UpkeepPort,
  estate: Estate,
  at: number,
  { get, missing }: Gathering,
): Promise<Found> {
  const { subscriptionId } = estate;
  const [from, to] = [new Date(at - weekMs).toISOString(), new Date(at).toISOString()];
  const [resources, security, backups, certificates] = await Promise.all([
    get('Resources', (signal) => upkeep.notSucceeded(subscriptionId, signal)),
    get('Security assessments', (signal) => upkeep.unhealthy(subscriptionId, signal)),
    get('Backup jobs', (signal) => upkeep.failedBackups(subscriptionId, from, to, signal)),
    get('Certificates', (signal) => upkeep.certificates(subscriptionId, signal)),
  ]);
  for (const [what, read] of [
    ['Certificates', certificates],
    ['Backup jobs', backups],
  ] as const) {
    if (read && read.unread.length > 0) missing.push(`${what}: Stamps may not read ${read.unread.join(', ')}.`);
  }
  const cellOf = cellFinder(estate);
  return {
    resource: resources?.map(({ id, type, state }) => ({
      kind: 'resource',
      of: `${id.toLowerCase()} ${state}`,
      title: `${nameOf(id)} is ${state}`,
      detail: `${type} in ${groupOf(id)}`,
      urgency: state === 'Failed' ? 0 : 2,
      ...cellOf(id),
    })),
    security: security?.map(({ id, title, severity, resourceId }) => ({
      kind: 'security',
      of: id.toLowerCase(),
      title,
      detail: `${severity}, on ${resourceId === '' ? 'the subscription' : nameOf(resourceId)}`,
      urgency: severity === 'High' ? 0 : severity === 'Medium' ? 1 : 2,
      ...cellOf(resourceId),
    })),
    backup: unlessUnread(
      backups,
      backups?.found.map(({ id, vault, item, operation, startedAt, error }) => ({
        kind: 'backup',
        of: id.toLowerCase(),
        title: `${operation} of ${item} failed`,
        detail: `in ${vault}, on ${startedAt.slice(0, 10)}${error === undefined ? '' : `: ${error}`}`,
        urgency: 0,
      })),
    ),
    certificate: unlessUnread(
      certificates,
      certificates?.found.flatMap(({ id, vault, name, expiresAt }): Finding[] => {
        const days = Math.floor((Date.parse(expiresAt) - at) / dayMs);
        if (days > certificateDays) return [];
        const when =
          days < 0 ? `expired on ${expiresAt.slice(0, 10)}` : `expires in ${days} days, on ${expiresAt.slice(0, 10)}`;
        // A renewed certificate has another end: it is another finding.
        return [
          {
            kind: 'certificate',
            of: `${id} ${expiresAt}`,
            title: `${name} ${when}`,
            detail: `in ${vault}`,
            urgency: days < 7 ? 0 : 1,
          },
        ];
      }),
    ),
  };
}

/** Nothing found is known only where everything was read. */
function unlessUnread(
  read: { readonly unread: readonly string[] } | undefined,
  found: Finding[] | undefined,
): Finding[] | undefined {
  return found?.length === 0 && read && read.unread.length > 0 ? undefined : found;
}

/** Which cell a resource belongs to, of those that the estate names. */
function cellFinder({ cells }: Estate): (resourceId: string) => { readonly cell?: string } {
  const owners = cells.flatMap(({ name, containerAppId, storageId, sqlDatabaseId }) =>
    [containerAppId, storageId, sqlDatabaseId].map((id) => [id.toLowerCase(), name] as const),
  );
  return (resourceId) => {
    const id = resourceId.toLowerCase();
    const cell = owners.find(([owned]) => id === owned || id.startsWith(`${owned}/`))?.[1];
    return cell === undefined ? {} : { cell };
  };
}

function nameOf(id: string): string {
  if (/^\/?subscriptions\/[^/]+\/?$/i.test(id)) return 'the subscription';
  return id.split('/').at(-1) || id;
}

function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? 'the subscription';
}
