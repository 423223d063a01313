import type { Maturity, MaturityCriterion, MaturityEvidence } from '../domain/maturity.ts';
import { missingNote, type ReportMessages } from './daily-digest.ts';
import { date } from './date.ts';
import { context, header, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

/** At which level the estate was really run, and what shows it. */
export function maturityReport(
  { level, criteria }: Maturity,
  evidence: MaturityEvidence | undefined,
  { from, to, missing }: { readonly from: string; readonly to: string; readonly missing: readonly string[] },
): ReportMessages {
  const verdict =
    level === undefined ? 'Not known: too little happened to show it.' : `The estate was run *${escapeText(level)}ly*.`;
  const first = message(`Maturity. ${verdict}`, [
    header('Maturity'),
    section(verdict, ...criteria.map(criterionLine)),
    ...(evidence ? [section(evidenceLine(evidence))] : []),
    ...missingNote(missing),
    context(
      `From ${date(from, 'day')} to ${date(to, 'day')}`,
      'criteria are of Stamps, the levels of the operations guide',
      code('/stamps maturity'),
    ),
  ]);
  return { first, thread: [] };
}

function criterionLine({ level, says, share, needed }: MaturityCriterion): string {
  const what = escapeText(says);
  const wanted = `${Math.round(needed * 100)} % for ${escapeText(level)}`;
  if (share === undefined) return `❔ ${what}: nothing happened that shows it (${wanted})`;
  return `${share >= needed ? '✅' : '❌'} ${what}: ${Math.round(share * 100)} % (${wanted})`;
}

function evidenceLine({
  incidents,
  foundByAlerts,
  acknowledged,
  acknowledgedInTime,
  runs,
  beforeTrouble,
  byStamps,
  scaleOuts,
  scaledBefore,
  proposed,
  taken,
}: MaturityEvidence): string {
  return `*Evidence:* ${incidents} incidents, ${foundByAlerts} found by alerts; ${acknowledged} acknowledged, ${acknowledgedInTime} in time; ${runs} runs applied, ${beforeTrouble} before there was trouble, ${byStamps} by Stamps itself; ${scaleOuts} scale-outs, ${scaledBefore} before CPU passed its alert; ${proposed} scalings proposed, ${taken} taken and done.`;
}
