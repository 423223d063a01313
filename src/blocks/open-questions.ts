import { formatDuration } from '../domain/duration.ts';
import { stillFiring } from './incident-words.ts';
import type { PostmortemParts } from './postmortem-parts.ts';

/** What the record leaves open, as questions to people. Those that always are, and those that this incident raises. */
export function openQuestions({ incident, timeline, runs, acknowledgeWithinMs }: PostmortemParts): string[] {
  const { acknowledgedAt, detectedAt, mitigatedAt, declaredBy, severityBy, startedAt, alerts, escalation } = incident;
  const has = (kind: (typeof timeline)[number]['kind']) => timeline.some((entry) => entry.kind === kind);
  const tookMs = acknowledgedAt === undefined ? undefined : Date.parse(acknowledgedAt) - Date.parse(detectedAt);
  const within = formatDuration(acknowledgeWithinMs);
  return [
    'What was the cause, and what let it through?',
    ...(declaredBy !== undefined && alerts.total === 0
      ? ['People noticed it and no alert did: which alert was missing?']
      : []),
    ...(Date.parse(detectedAt) - Date.parse(startedAt) > 300_000
      ? ['It took more than five minutes to be detected: why?']
      : []),
    ...(tookMs === undefined ? ['Nobody acknowledged it: who should have?'] : []),
    ...(tookMs !== undefined && tookMs > acknowledgeWithinMs
      ? [`It was acknowledged after more than ${within}, which is what the policy asks for: what kept people?`]
      : []),
    ...(escalation > 0
      ? [`It went ${escalation} ${escalation === 1 ? 'rung' : 'rungs'} up the ladder: was the first page heard?`]
      : []),
    ...(mitigatedAt === undefined ? ['When did the harm end? Nobody recorded it.'] : []),
    ...(severityBy !== 'evidence' && declaredBy === undefined
      ? ['A person judged its severity otherwise than the evidence: which was right?']
      : []),
    ...(has('status-page') ? [] : ['The status page was not told: should it have been?']),
    ...(runs.length === 0 && incident.cells.length > 0 ? ['No playbook was run: is one missing?'] : []),
    ...runs
      .filter(({ steps }) => steps.some(({ state }) => state === 'failed' || state === 'drifted'))
      .map(({ id }) => `A step of ${id} failed or met a changed world: why?`),
    ...runs
      .filter(({ breakGlass }) => breakGlass !== undefined)
      .map(({ id }) => `The glass was broken for ${id}: was it right?`),
    ...(alerts.firing > 0 ? [`${stillFiring(alerts.firing)}: is it really over?`] : []),
    'What will be done, by whom, until when?',
  ];
}
