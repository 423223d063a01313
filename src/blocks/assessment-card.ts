import type { Button, KnownBlock } from '@slack/types';
import {
  backendsDown,
  type Proposal,
  type RegionFacts,
  type RegionStanding,
  type RegionVerdict,
  type Touch,
} from '../domain/assessment.ts';
import type { HealthFinding } from '../domain/resource-health.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut, cutPlain } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, header, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { findingLines } from './resource-health.ts';
import { actionIds, failBack } from './run-buttons.ts';

/** Everything that leads clients to regions, at a moment. */
export interface Assessment {
  readonly verdicts: readonly RegionVerdict[];
  readonly proposals: readonly Proposal[];
  /** `Priority`, `Weighted`, …; absent: not known. */
  readonly routing?: string;
  readonly ttlSeconds?: number;
  /** What leads the clients of all regions and is switched off. */
  readonly switchedOff: readonly WholeOff[];
  /** What Azure itself calls unavailable or degraded, of what is in no single region. */
  readonly azureSays: readonly HealthFinding[];
  /** Does all of SQL replicate? Absent: not known, or there is none. */
  readonly replicates?: boolean;
  /** What could not be read, in words. */
  readonly troubles: readonly string[];
}

/** A whole profile of Traffic Manager or a name of Front Door that is off, and by whom, where that is known. */
export interface WholeOff {
  readonly of: 'Traffic Manager' | 'Front Door';
  /** ARM id. */
  readonly id: string;
  readonly touch?: Touch;
}

const marks: Readonly<Record<RegionStanding, string>> = {
  well: '✅',
  impaired: '⚠️',
  broken: '⛔',
  off: '⏸️',
  'not-known': '❔',
};

/** One paragraph a region, the worst first, with what disagrees marked; then what could be done, with a button. */
export function assessmentCard(assessment: Assessment, readAt: string): MessageContent {
  const { proposals, troubles } = assessment;
  const order: readonly RegionStanding[] = ['broken', 'impaired', 'off', 'not-known', 'well'];
  const verdicts = assessment.verdicts.toSorted((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing));
  const blocks: KnownBlock[] = [
    header('Assessment'),
    section(
      summary(assessment),
      globalLine(assessment),
      ...assessment.switchedOff.slice(0, 4).map(onAgain),
      ...azureLines(assessment.azureSays),
    ),
    ...grouped(verdicts).map((some) => section(...some.flatMap(regionLines))),
    ...proposals.flatMap(proposalBlocks),
    ...(troubles.length > 0
      ? [
          section(
            '*Not known:* some of it could not be read.',
            ...troubles.map((says) => `• ${cut(escapeText(says), 200)}`),
          ),
        ]
      : []),
    context(`read at ${date(readAt)}`),
  ];
  return message(summary(assessment), blocks);
}

/** Paragraphs that fit into a section together: a card has room for fifty blocks, an estate may have more regions. */
function grouped(verdicts: readonly RegionVerdict[]): RegionVerdict[][] {
  const size = Math.max(1, Math.ceil(verdicts.length / 30));
  return Array.from({ length: Math.ceil(verdicts.length / size) }, (_, n) => verdicts.slice(n * size, (n + 1) * size));
}

function summary({ verdicts, switchedOff }: Assessment): string {
  const named = (standing: RegionStanding) =>
    verdicts.filter((it) => it.standing === standing).map(({ facts }) => escapeText(facts.name));
  const [broken, impaired, off, unknown] = [named('broken'), named('impaired'), named('off'), named('not-known')];
  const odd = verdicts.filter(({ disagreements }) => disagreements.length > 0).length;
  const parts = [
    ...switchedOff.slice(0, 4).map(offWords),
    broken.length > 0 ? `broken: ${cut(broken.join(', '), 200)}` : '',
    impaired.length > 0 ? `impaired: ${cut(impaired.join(', '), 200)}` : '',
    off.length > 0 ? `switched off: ${cut(off.join(', '), 200)}` : '',
    unknown.length > 0 ? `not known: ${cut(unknown.join(', '), 200)}` : '',
    odd > 0 ? `sources disagree about ${odd === 1 ? 'one region' : `${odd} regions`}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? wellWords(verdicts.length) : parts.join('; ');
}

function offWords({ of, id }: WholeOff): string {
  return of === 'Traffic Manager'
    ? '⛔ Traffic Manager is switched off as a whole: DNS leads nobody to any region'
    : `⛔ The endpoint ${cut(escapeText(partsOf(id).name), 60)} of Front Door is switched off: it answers nobody`;
}

/** By hand alone: whoever switched it off may have had a reason. */
function onAgain({ of, id, touch }: WholeOff): string {
  const { group, profile, name } = partsOf(id);
  const az =
    of === 'Traffic Manager'
      ? `az network traffic-manager profile update --name ${profile} --resource-group ${group} --status Enabled`
      : `az afd endpoint update --profile-name ${profile} --endpoint-name ${name} --resource-group ${group} --enabled-state Enabled`;
  const who = touch
    ? `It was switched off ${touchWords(touch)}: ask why.`
    : 'By whom is not known: ask who did it, and why.';
  return `${of}: ${who} On again, by hand: ${code(cut(az, 300))}`;
}

function partsOf(id: string): { group: string; profile: string; name: string } {
  const [, , , , group = '', , , , profile = ''] = id.split('/');
  return { group, profile, name: id.split('/').at(-1) ?? '' };
}

function wellWords(regions: number): string {
  if (regions === 1) return 'The region is well';
  return regions === 2 ? 'Both regions are well' : `All ${regions} regions are well`;
}

function globalLine({ verdicts, routing, ttlSeconds, replicates }: Assessment): string {
  const led = verdicts.filter(({ facts }) => facts.led).map(({ facts }) => escapeText(facts.name));
  const asked = verdicts.some(({ facts }) => facts.led !== undefined);
  return [
    routing === undefined ? 'Traffic Manager: not known' : `${escapeText(routing)} routing, ${ttlSeconds} s to live`,
    ...(asked ? [`DNS leads to ${led.join(', ') || 'no region of the estate'}`] : []),
    ...(replicates === undefined ? [] : [replicates ? 'SQL replicates' : '⚠️ SQL does not replicate']),
  ].join('  ·  ');
}

function regionLines({ facts, standing, disagreements, touch, health }: RegionVerdict): string[] {
  return [
    `${marks[standing]} *${cut(escapeText(facts.name), 60)}* — ${words(standing, touch)}`,
    figures(facts).join(', '),
    ...downLines(facts),
    ...disagreements.map((says) => `⚠️ ${cut(escapeText(says), 240)}`),
    ...healthWords(health, standing),
  ];
}

/** Said whether or not the apps agree: cells that get no traffic are down, however ready they are. */
function downLines(facts: RegionFacts): string[] {
  const down = backendsDown(facts);
  if (down === undefined) return [];
  const { apps } = facts;
  return [`⚠️ ${down}${apps && apps.ready === apps.all ? ', though its apps are ready' : ''}`];
}

const mostFindings = 3;

/** Azure's own word, where it is not good; where a region is broken, also that it is good: then look at what runs there. */
function healthWords(health: RegionVerdict['health'], standing: RegionStanding): string[] {
  if (health === undefined) return [];
  if (health.bad.length > 0) return azureLines(health.bad);
  if (standing !== 'broken' || health.available === 0) return [];
  return [
    `Azure Resource Health, minutes behind, finds nothing wrong with the ${health.available} resources that it watches here: look at the apps, and at what was changed`,
  ];
}

function azureLines(bad: readonly HealthFinding[]): string[] {
  const lines = findingLines(bad);
  const left = lines.length - mostFindings;
  return [
    ...lines.slice(0, mostFindings).map((line) => `Azure says: ${line}`),
    ...(left > 0 ? [`Azure says ${left} more such ${left === 1 ? 'thing' : 'things'}: ${code('/stamps status')}`] : []),
  ];
}

function words(standing: RegionStanding, touch: Touch | undefined): string {
  const who = touch === undefined ? '' : ` ${touchWords(touch)}`;
  switch (standing) {
    case 'off':
      return touch === undefined ? 'switched off, by whom is not known' : `switched off on purpose${who}`;
    case 'broken':
      return `*broken*${who}`;
    case 'impaired':
      return `*impaired*${who}`;
    case 'not-known':
      return 'not known';
    case 'well':
      return touch === undefined ? 'well' : `well; part of it was switched off${who}`;
  }
}

function touchWords(touch: Touch): string {
  return touch.by === 'run'
    ? `by ${code(touch.runId)}: ${cut(escapeText(touch.reason), 120)}`
    : `by ${cut(escapeText(touch.caller), 80)} by hand at ${date(touch.at, 'day')}`;
}

function figures(facts: RegionFacts): string[] {
  const { endpoint, led, probe, origin, apiGateway, backends, apps, load, sql, cosmosWrites } = facts;
  return [
    endpoint ? `endpoint ${endpoint.enabled ? escapeText(endpoint.monitorStatus) : 'off'}` : 'endpoint not known',
    led ? 'DNS leads here' : '',
    probe ? (probe.ok ? 'probe answers' : `probe: ${escapeText(probe.says)}`) : '',
    origin ? `origin ${origin.enabled ? 'on' : 'off'}` : '',
    apiGateway ? `API gateway ${apiGatewayWord(apiGateway)}` : '',
    backends ? backendWords(backends) : '',
    apps ? `${apps.ready} of ${apps.all} apps ready` : '',
    load ? loadWords(load) : 'no load measured',
    sql ? `SQL ${sql.toLowerCase()}` : '',
    cosmosWrites ? 'Cosmos writes' : '',
  ].filter((figure) => figure !== '');
}

function backendWords({ up, down, all }: NonNullable<RegionFacts['backends']>): string {
  const unknown = all - up - down;
  return `${up} of ${all} backends up${unknown > 0 ? `, ${unknown} not known` : ''}`;
}

function loadWords({ at, requestsPerSecond, replicas, cells }: NonNullable<RegionFacts['load']>): string {
  const measured = `${Math.round(requestsPerSecond)} req/s at ${date(at)} on ${Math.round(replicas)} replicas`;
  return cells.known < cells.all
    ? `${measured} in the ${cells.known} of ${cells.all} cells that are measured`
    : measured;
}

function apiGatewayWord({ enabled, unreachable }: NonNullable<RegionFacts['apiGateway']>): string {
  if (!enabled) return 'off';
  return unreachable && unreachable.length > 0 ? `lacks ${unreachable.length} of what it needs` : 'on';
}

function proposalBlocks(proposal: Proposal): KnownBlock[] {
  if (proposal.kind === 'failback')
    return [
      section(`*Proposed:* ${escapeText(proposal.region)} answers again; bring its clients back.`),
      ...actions(failBack(proposal.region)),
    ];
  const { from, to, losesData, says, because } = proposal;
  return [
    section(
      `*Proposed:* fail ${escapeText(from)} over to ${escapeText(to)}.`,
      ...says.map((line) => `⚠️ ${cut(escapeText(line), 500)}`),
    ),
    ...actions(failoverButton(from, to, losesData, because)),
  ];
}

/** Its value carries what was seen: the playbook wants a reason wherever Traffic Manager finds the region well. */
function failoverButton(from: string, to: string, losesData: boolean, because: string): Button {
  return button({
    text: losesData ? 'Fail over, accepting loss' : 'Fail over',
    actionId: actionIds.proposeFailover,
    value: `${from}:${to}:${losesData ? 'loss' : ''}:${cutPlain(because, 500)}`,
    style: 'danger',
    confirm: {
      title: `Fail ${from} over?`,
      text: `It is planned, shown in the channel, and approved by others like any other run.${losesData ? ' It loses data.' : ''}`,
      yes: 'Plan it',
    },
  });
}
