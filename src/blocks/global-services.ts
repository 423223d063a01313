import type { KnownBlock } from '@slack/types';
import { formatDuration } from '../domain/duration.ts';
import {
  type ApiManagement,
  type ApiUse,
  type CacheUse,
  cacheFell,
  type DnsAnswer,
  type GlobalServices,
  type TenantCalls,
  tenantsToShow,
} from '../domain/global-services.ts';
import { cut, cutList, moreThan } from './cut.ts';
import { section } from './elements.ts';
import { escapeText } from './escape-text.ts';

const [mostBusy, mostBad] = [5, 3];

/** What stands before the regions: DNS, API Management and Front Door's cache. */
export function entrySection({ dns, apim, cache, apiUse }: GlobalServices): KnownBlock {
  return section(
    ...(dns === null ? [] : [dnsLine(dns)]),
    ...(apim === null ? [] : [apimLine(apim, apiUse)]),
    cacheLine(cache),
  );
}

/** Everybody's use of the API: long, and below what says how things are. */
export function apiUseSection({ apiUse }: GlobalServices): KnownBlock {
  return section(...(apiUse ? useLines(apiUse) : ['❔ *API use by tenant:* not known']));
}

function dnsLine(dns: DnsAnswer | undefined): string {
  if (dns === undefined) return '❔ *DNS:* not known';
  const host = cut(escapeText(dns.host), 100);
  if (dns.leadsTo === null) return `🔴 *DNS:* has no answer for ${host}`;
  return `✅ *DNS:* ${host} leads to ${cut(escapeText(dns.leadsTo), 100)}, answered in ${Math.round(dns.tookMs)} ms`;
}

/** One line for all gateways; each has its own behind the button. */
function apimLine(apim: ApiManagement | undefined, apiUse: ApiUse | undefined): string {
  if (apim === undefined) return '❔ *API Management:* not known';
  const { provisioningState, gateways } = apim;
  const named = (some: ApiManagement['gateways']) =>
    cutList(
      some.map(({ location }) => cut(escapeText(location), 60)),
      3,
    );
  const off = gateways.filter(({ enabled }) => !enabled);
  const on = gateways.filter(({ enabled }) => enabled);
  const broken = on.filter(({ unreachable = [] }) => unreachable.length > 0);
  const unknown = on.filter(({ unreachable }) => unreachable === undefined);
  const settled = provisioningState === 'Succeeded';
  const states = [
    ...(settled ? [] : [`its state in Azure is ${cut(escapeText(provisioningState), 60)}`]),
    ...(broken.length > 0 ? [`${named(broken)} can’t reach all that it needs`] : []),
    ...(off.length > 0 ? [`${named(off)} switched off`] : []),
    ...(unknown.length > 0 ? [`what ${named(unknown)} can reach is not known`] : []),
  ];
  const sign =
    broken.length > 0 || on.length === 0 ? '🔴' : !settled || off.length > 0 ? '⚠️' : unknown.length > 0 ? '❔' : '✅';
  const well = `${named(on)} ${on.length === 1 ? 'reaches all that it needs' : 'reach all that they need'}`;
  return `${sign} *API Management:* ${states.join('; ') || well}; ${apimCalls(apiUse)}`;
}

function apimCalls(apiUse: ApiUse | undefined): string {
  if (apiUse === undefined) return 'calls not known';
  const { calls, failed, windowMs } = apiUse;
  const within = `in the last ${formatDuration(windowMs)}`;
  return calls === 0 ? `no calls ${within}` : `${whole(calls)} calls ${within}, ${whole(failed)} with a 5xx`;
}

function cacheLine(cache: CacheUse | undefined): string {
  if (cache === undefined) return '❔ *Front Door’s cache:* not known';
  const { hitPercent, beforePercent, requests } = cache;
  if (hitPercent === undefined)
    return requests === undefined
      ? '❔ *Front Door’s cache:* Azure has no figures of the last 15 minutes: nobody asked Front Door, or they are late'
      : `❔ *Front Door’s cache:* Azure has no figure, though ${whole(requests)} requests came: its routes cache nothing, or all answers forbid it`;
  const before = beforePercent === undefined ? '' : `, ${percent(beforePercent)} in the two hours before`;
  const fell = cacheFell(cache)
    ? '. It fell: was it purged, or did somebody change its rules? The regions carry what it does not.'
    : '';
  return `${fell === '' ? '✅' : '⚠️'} *Front Door’s cache:* ${percent(hitPercent)} of the bytes of the last 15 minutes came from it${before}${fell}`;
}

function useLines(use: ApiUse): string[] {
  const { calls, failed, tooMany, tenants, windowMs } = use;
  const title = `*API use by tenant* in the last ${formatDuration(windowMs)}, as far as the log has come`;
  if (calls === 0) return [`${title}: no calls`];
  const shown = tenantsToShow(use, mostBusy, mostBad);
  const left = tenants.length - shown.length;
  return [
    `${title}: ${whole(calls)} calls of ${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}${troubles({ calls, failed, tooMany })}`,
    ...shown.map(
      (one) => `• ${nameOf(one)} — ${whole(one.calls)} calls (${percent((100 * one.calls) / calls)})${troubles(one)}`,
    ),
    ...(left > 0 ? [moreThan(left)] : []),
  ];
}

function nameOf({ name }: TenantCalls): string {
  return name === undefined ? 'without a subscription' : cut(escapeText(name), 80);
}

/** Nothing where all went well. */
function troubles({ calls, failed, tooMany }: Omit<TenantCalls, 'name'>): string {
  const part = (count: number, what: string) =>
    count === 0 ? '' : `, ⚠️ ${whole(count)} ${what} (${percent((100 * count) / calls)})`;
  return part(tooMany, 'refused with a 429') + part(failed, 'failed with a 5xx');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** `63 %`, `0.4 %`; `0 %` only for none. */
function percent(value: number): string {
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} %`;
}
