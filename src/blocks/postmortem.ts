import type { Incident, TimelineEntry } from '../domain/incident.ts';
import { changes, planCode } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { lasted } from './date.ts';
import { difference } from './difference.ts';
import { quoted, utc } from './markdown.ts';
import { openQuestions } from './open-questions.ts';
import type { PostmortemParts } from './postmortem-parts.ts';

/**
 * The document that people begin their post-mortem with: everything that is known, with its evidence, and the
 * questions that only they can answer. Markdown that a Slack canvas takes; every stranger's word is in a code span.
 */
export function postmortem(parts: PostmortemParts): string {
  const { incident, timeline, madeAt } = parts;
  return [
    `# Post-mortem of ${incident.id}`,
    quoted(incident.title, 300),
    '## In short',
    ...summary(parts),
    '## Times',
    ...times(incident),
    '## Timeline',
    ...timeline.map((entry) => timelineLine(entry, parts.names)),
    '## What changed there before',
    parts.lately.length === 0
      ? 'Nothing that Stamps could see.'
      : list(...parts.lately.map(({ at, says }) => `${utc(at)}: ${quoted(says)}`)),
    '## Playbook runs',
    ...(parts.runs.length === 0
      ? ['No playbook was run there.']
      : parts.runs.flatMap((run) => runLines(run, parts.names))),
    '## Graphs',
    ...graphLines(parts),
    '## Alerts',
    ...alertLines(parts),
    '## Open questions',
    ...openQuestions(parts).map((question) => `- [ ] ${question}`),
    `Made by Stamps at ${utc(madeAt)} from what it recorded; the audit log holds the proof.`,
  ].join('\n\n');
}

/**
 * A canvas shows a picture of the workspace whose permalink stands so, in a paragraph of its own (“Referencing an image” and
 * “Unfurl behavior”, docs.slack.dev/surfaces/canvases). Its words stand below for whoever may not see it.
 */
function graphLines({ graphs }: PostmortemParts): string[] {
  if (graphs.length === 0) return ['None was drawn: no alert told of a metric that could be read.'];
  return graphs.flatMap(({ altText, address = '' }) => {
    const words = quoted(altText, 1_000);
    return /^https?:\/\/[^\s()<>[\]]+$/.test(address)
      ? [`![graph](${address})`, words]
      : [`${words} Slack does not tell where the picture is.`];
  });
}

function summary({ incident, names }: PostmortemParts): string[] {
  const { severity, severityBy, place, cells, hurt, declaredBy, acknowledgedBy, resolvedBy } = incident;
  const where =
    place.scope === 'cell'
      ? `${quoted(place.cell)} in ${quoted(place.region)}`
      : place.scope === 'region'
        ? quoted(place.region)
        : place.scope;
  const who = (id: string | undefined) => (id === undefined ? 'nobody' : name(id, names));
  return [
    list(
      `Severity: ${severity}, ${severityBy === 'evidence' ? 'from the evidence' : `chosen by ${who(severityBy)}`}`,
      `Where: ${where}${cells.length > 1 ? ` (${cells.map((cell) => quoted(cell)).join(', ')})` : ''}`,
      hurt === undefined
        ? 'Tenants: not known'
        : `Tenants: ${hurt.tenants} (${counts(hurt.byTier)}); SLA: ${slaCounts(hurt.bySla)}`,
      `Opened by ${declaredBy === undefined ? 'alerts' : who(declaredBy)}, acknowledged by ${who(acknowledgedBy)}, resolved by ${who(resolvedBy)}`,
    ),
  ];
}

/** To detect counts from the trouble's own beginning; the others from when it was detected. */
function times(incident: Incident): string[] {
  const { startedAt, detectedAt, acknowledgedAt, mitigatedAt, resolvedAt } = incident;
  const since = (from: string, to: string | undefined, never: string) =>
    to === undefined ? never : `${lasted(from, to)} (${utc(to)})`;
  return [
    list(
      `Began: ${utc(startedAt)}`,
      `To detect: ${since(startedAt, detectedAt, '')}`,
      `To acknowledge: ${since(detectedAt, acknowledgedAt, 'never acknowledged')}`,
      `To mitigate: ${since(detectedAt, mitigatedAt, 'not recorded')}`,
      `To resolve: ${since(detectedAt, resolvedAt, 'not resolved yet')}`,
    ),
  ];
}

function timelineLine({ at, kind, actor, says }: TimelineEntry, names: ReadonlyMap<string, string>): string {
  return `- ${utc(at)} · ${kind} · ${quoted(withNames(says, names))} — ${name(actor, names)}`;
}

function runLines(run: Run, names: ReadonlyMap<string, string>): string[] {
  const approvals = run.decisions.map(
    ({ personId, verdict, at, planHash }) =>
      `${verdict === 'approve' ? 'Approved' : 'Denied'} by ${name(personId, names)} at ${utc(at)}, plan ${planCode(planHash)}`,
  );
  const glass = run.breakGlass;
  return [
    `### ${run.id}: ${run.playbook}`,
    list(
      `Plan ${planCode(run.planHash)}: ${quoted(run.plan.title)}, because ${quoted(run.plan.reason)}`,
      `Asked by ${name(run.requesterId, names)} at ${utc(run.requestedAt)}; ${run.state}${run.finishedAt === undefined ? '' : ` at ${utc(run.finishedAt)}`}`,
      ...approvals,
      ...(glass ? [`Break-glass by ${name(glass.by, names)}: ${quoted(glass.reason)}`] : []),
      ...changes(run.plan).map(({ says, before, after }) => `${quoted(says)}: ${quoted(difference(before, after))}`),
      ...run.steps.map(
        ({ stepId, state, says, startedAt, finishedAt }) =>
          `${quoted(stepId)} ${state}${finishedAt === undefined ? '' : ` in ${lasted(startedAt, finishedAt)}`}${says === '' ? '' : `: ${quoted(says)}`}`,
      ),
      `Undo: ${quoted(run.plan.undo)}`,
    ),
  ];
}

function alertLines({ alerts }: PostmortemParts): string[] {
  if (alerts.total === 0) return ['No alerts belong to it.'];
  const more = alerts.total - alerts.lines.length;
  return [
    list(
      ...alerts.lines.map(
        ({ rule, firedAt, resolvedAt, measured }) =>
          `${utc(firedAt)}: ${quoted(rule)}${measured === undefined ? '' : `, ${quoted(measured)}`}${resolvedAt === undefined ? ', still fires' : `, over at ${utc(resolvedAt)}`}`,
      ),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ),
  ];
}

function list(...items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function counts(by: Readonly<Record<string, number>>): string {
  return (
    Object.entries(by)
      .map(([key, count]) => `${count} ${quoted(key, 60)}`)
      .join(', ') || 'none'
  );
}

/** `2 at 99.9 %, 1 without`; levels are strangers' words. */
function slaCounts(by: Readonly<Record<string, number>>): string {
  return (
    Object.entries(by)
      .map(([level, count]) => (level === 'none' ? `${count} without` : `${count} at ${quoted(level, 60)} %`))
      .join(', ') || 'none'
  );
}

function name(actor: string, names: ReadonlyMap<string, string>): string {
  const known: Readonly<Record<string, string>> = {
    stamps: 'Stamps',
    pagerduty: 'PagerDuty',
    'azure-monitor': 'Azure Monitor',
  };
  return known[actor] ?? quoted(names.get(actor) ?? actor, 80);
}

/** Slack ids within a line of ours (`Assigned to U0BEN`) as names. */
function withNames(says: string, names: ReadonlyMap<string, string>): string {
  return says.replace(/<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>|\b([UW][A-Z0-9]{4,30})\b/g, (whole, tagged, bare) => {
    return names.get(tagged ?? bare) ?? whole;
  });
}
