import { changeOf } from '../domain/digest.ts';
import { kpiValue } from '../domain/kpi-words.ts';
import type { AccessReview, FindingKind, Grant, KpiBaseline, MaintenanceReport } from '../domain/maintenance.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import {
  costBlocks,
  costWords,
  dayIn,
  known,
  lateNote,
  list,
  missingNote,
  type ReportMessages,
  type ShownPicture,
} from './daily-digest.ts';
import { date } from './date.ts';
import { context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { findingsMessage, mostFindings } from './findings-message.ts';
import { kpiName } from './kpi-lines.ts';
import { limitLine } from './limit-lines.ts';
import { message } from './message.ts';

/** What each kind is called, one and many. */
export const findingNames: Readonly<Record<FindingKind, string>> = {
  resource: 'Resources not Succeeded',
  security: 'Unhealthy security assessments',
  backup: 'Failed backup jobs of 7 days',
  certificate: 'Certificates that end within 30 days',
};

/** A week's or a month's maintenance: counts and picture first, findings with their buttons in the thread. */
export function maintenanceReport(report: MaintenanceReport, shown: ShownPicture | undefined): ReportMessages {
  const { kind, at, zone, findings, snoozed, cost, baselines, limits, access, missing } = report;
  const title = `${kind === 'weekly' ? 'Weekly' : 'Monthly'} maintenance, ${dayIn(at, zone)}`;
  const counts = Object.entries(findingNames).map(([each, name]) => {
    const count = report.counts[each as FindingKind];
    return `*${name}:* ${count ?? 'not known'}`;
  });
  const summary = [
    ...counts,
    `*Cost of 7 days:* ${cost ? costWords(cost) : 'not known'}`,
    ...(access ? [`*Access:* ${access.grants.length} grants, ${accessWords(access)}`] : []),
  ];
  return {
    first: message(`${title}. ${summary.join('. ')}`, [
      header(title),
      ...lateNote(report),
      ...(shown ? [picture(shown.fileId, shown.altText)] : []),
      section(...summary),
      ...missingNote(missing),
      context(
        `As of ${date(at, 'day')}`,
        `${snoozed} snoozed`,
        kind === 'weekly' ? 'findings in the thread' : 'findings, baselines, access and maturity in the thread',
        code(`/stamps maintenance ${kind}`),
      ),
    ]),
    thread: [
      findingsMessage(findings.slice(0, mostFindings), Math.max(0, findings.length - mostFindings)),
      ...(cost ? [message('Cost of 7 days', costBlocks(cost))] : []),
      ...(baselines ? [baselineMessage(baselines)] : []),
      ...(kind === 'monthly'
        ? [
            message(
              'Capacity',
              known(
                '*Limits of cells within half a year*, the first first',
                limits?.map((one) => limitLine(one, report.at)),
                'None is foreseen, of those that are known.',
              ),
            ),
          ]
        : []),
      ...(access ? [accessMessage(access)] : []),
    ],
  };
}

const changeWords = { worse: '🔻 worse', better: '🔺 better', same: 'as before' } as const;

function baselineMessage(baselines: readonly KpiBaseline[]): MessageContent {
  const known = baselines.map((one) => ({ ...one, change: changeOf(one.definition, one.meanBefore, one.mean) }));
  // In the first month it is said once.
  const compared = known.some(({ change }) => change !== undefined);
  const line = ({ definition, scope, mean, worst, meanBefore, change }: (typeof known)[number]) => {
    const say = (value: number | undefined) => (value === undefined ? 'not known' : kpiValue(definition.unit, value));
    const now = `*${kpiName(definition, scope)}*: ${say(mean)}, worst day ${say(worst)}`;
    if (change === undefined) return compared ? `${now}; no month before to compare with` : now;
    return `${now}, ${say(meanBefore)} the month before — ${changeWords[change]}`;
  };
  const order = ({ change = 'same' }: (typeof known)[number]) => ({ worse: 0, better: 1, same: 2 })[change];
  const heading = compared
    ? '*Baselines of 30 days*, what changed first'
    : '*Baselines of 30 days*; there is no month before them to compare with yet';
  return message(
    'Baselines',
    list(heading, known.toSorted((a, b) => order(a) - order(b)).map(line), 'Nothing was measured yet.'),
  );
}

function accessMessage(access: AccessReview): MessageContent {
  const inherited = access.grants.filter((grant) => grant.inherited);
  return message('Access review', [
    section(
      `*Access review:* ${access.grants.length} grants on the subscription and what is in it, ${accessWords(access)}`,
    ),
    ...(access.since === undefined
      ? []
      : [
          ...list(`*Given since ${escapeText(access.since)}*`, access.added.map(grantLine), 'None.'),
          ...list(`*Taken since ${escapeText(access.since)}*`, access.removed.map(grantLine), 'None.'),
        ]),
    ...list('*Inherited from above the subscription*', inherited.map(grantLine), 'None.'),
    context('Principals are shown by their Entra ids: Stamps may not read the directory'),
  ]);
}

function accessWords({ since, added, removed }: AccessReview): string {
  return since === undefined
    ? 'the first review: there is nothing to compare with'
    : `${added.length} given and ${removed.length} taken since ${escapeText(since)}`;
}

function grantLine({ role, principalType, principalId, scope }: Grant): string {
  return `*${cut(escapeText(role), 80)}* to ${escapeText(principalType.toLowerCase())} ${code(principalId)} on ${cut(code(scope), 200)}`;
}
