import type { UnknownLimit } from '../domain/api-limits.ts';
import { formatDuration } from '../domain/duration.ts';
import type { TenantUsage } from '../domain/tenant-usage.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, header, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

/** Calls, errors, 429s, quota and where it goes. */
export function tenantUsageCard(usage: TenantUsage, readAt: string): MessageContent {
  const { tenantId, windowMs, troubles } = usage;
  const title = `API use of ${tenantId}`;
  return message(escapeText(title), [
    header(title),
    section(...tenantLines(usage)),
    section(...callLines(usage)),
    section(...quotaLines(usage)),
    ...(troubles.length > 0
      ? [
          section(
            '*Not known:* some of it could not be read.',
            ...troubles.map((says) => `• ${cut(escapeText(says), 250)}`),
          ),
        ]
      : []),
    context(
      `the last ${formatDuration(windowMs)} before ${date(readAt, 'day')}`,
      'Azure’s reports are up to a quarter of an hour late',
      code('/stamps tenant usage <tenant> 7d'),
    ),
  ]);
}

function tenantLines({ tenant, limits }: TenantUsage): string[] {
  const word = (text: string) => cut(escapeText(text), 80);
  const registered =
    tenant === undefined
      ? '❔ registry not known'
      : tenant === null
        ? '⚠️ not in the tenant registry'
        : `${word(tenant.status)} on ${word(tenant.cell)}, ${word(tenant.tier)}, SLA ${word(tenant.sla)}`;
  const product = limits
    ? `product ${word(limits.product)}, subscription ${word(limits.state)}`
    : '❔ product not known';
  return [registered, product];
}

function callLines({ calls, tooMany, windowMs }: TenantUsage): string[] {
  const over = formatDuration(windowMs);
  if (!calls) return [`❔ *Calls in ${over}:* not known`];
  const share = (part: number) => (calls.calls === 0 ? '' : ` (${percent(part / calls.calls)})`);
  return [
    `*Calls in ${over}:* ${whole(calls.calls)}`,
    `*Errors:* ${whole(calls.failed)}${share(calls.failed)}, 400 and 5xx`,
    tooMany === undefined
      ? `*429s:* not known; ${whole(calls.blocked)} of 401, 403 and 429 together`
      : `*429s:* ${whole(tooMany)}${share(tooMany)}`,
  ];
}

function quotaLines({ limits, period, periodIsNew, outlook }: TenantUsage): string[] {
  if (!limits) return ['❔ *Quota:* not known'];
  const { rate, quota, unknown } = limits;
  const rateLine = rate
    ? `*Rate limit:* ${whole(rate.calls)} calls in ${formatDuration(rate.periodSeconds * 1000)}`
    : unknown?.rate
      ? `❔ *Rate limit:* not known: ${unknownWords[unknown.rate]}`
      : '*Rate limit:* its product’s policy has none';
  if (!quota)
    return [
      rateLine,
      unknown?.quota
        ? `❔ *Quota:* not known: ${unknownWords[unknown.quota]}`
        : '*Quota:* its product’s policy has none',
    ];
  const size = `${whole(quota.calls)} calls in ${formatDuration(quota.periodSeconds * 1000)}`;
  if (!period)
    return [rateLine, `❔ *Quota:* ${size}; Azure does not say when the subscription, and with it its period, began`];
  const [began, renewed] = [period.startedAt, period.endsAt].map((ms) => date(new Date(ms).toISOString(), 'day'));
  if (!outlook)
    return [
      rateLine,
      `❔ *Quota:* ${size}, counted anew since ${began}; ${periodIsNew ? 'Azure’s report has nothing of that yet' : 'how much of it is used is not known'}`,
    ];
  const { share, atEnd, reachedAt, daysLeft } = outlook;
  const sign = share >= 1 ? '🔴' : share >= 0.8 || reachedAt !== undefined ? '⚠️' : '✅';
  return [
    rateLine,
    `${sign} *Quota:* ${percent(share)} of ${size} used since ${began}; it is renewed at ${renewed}`,
    ...(quota.countsOtherwise
      ? ['It counts by a key or a condition of its own: these are all calls of the subscription.']
      : []),
    share >= 1
      ? '🔴 It is used up: every call gets a 403 until then.'
      : atEnd === undefined
        ? '❔ the pace of the last hour is not known'
        : reachedAt === undefined
          ? `At the pace of the last hour: ${percent(atEnd)} of it by then`
          : `⚠️ At the pace of the last hour it is used up at ${date(new Date(reachedAt).toISOString(), 'day')}; after that every call gets a 403.`,
    daysLeft === undefined
      ? 'By its days so far it does not reach it within 90 days, or there are too few of them.'
      : daysLeft <= 0
        ? '🔴 By its days so far it has reached it.'
        : `⚠️ By its days so far it reaches it in about ${Math.ceil(daysLeft)} ${Math.ceil(daysLeft) === 1 ? 'day' : 'days'}.`,
  ];
}

const unknownWords: Readonly<Record<UnknownLimit, string>> = {
  expression: `it is written as an expression, which only the gateway evaluates. Write ${code('calls')} and ${code('renewal-period')} as numbers in the product’s policy.`,
  'named value': `it is a named value (${code('{{…}}')}). Look it up among API Management’s named values, or write the number in the product’s policy.`,
  'no renewal': `it never renews (${code('renewal-period="0"')}), and Azure’s report does not reach back to its beginning.`,
};

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** `85 %`, `0.4 %`, `0 %` only for none. */
function percent(share: number): string {
  const value = 100 * share;
  if (value === 0) return '0 %';
  if (value < 0.01) return 'under 0.01 %';
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} %`;
}
