import type { KnownBlock } from '@slack/types';
import { redact } from '../domain/redact.ts';
import { hasFailed, type RegionServices, type RunbookResult, type VaultAccess } from '../domain/region-services.ts';
import { gatewayLine } from './apim-status-card.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';

/** Below it a vault turns requests away by itself: what Key Vault’s SLA promises. */
const vaultSlaPercent = 99.99;
const mostRunbooks = 6;

/** API Management's gateway in a region, its key vault and its Automation account: what was asked, what failed, what to do. */
export function regionServiceSections({ apiGateway, vault, automation }: RegionServices): KnownBlock[] {
  return [section(...apiLines(apiGateway)), section(...vaultLines(vault)), section(...automationLines(automation))];
}

function apiLines(gateway: RegionServices['apiGateway']): string[] {
  if (gateway === undefined) return ['❔ *API Management* here: not known'];
  return gateway === null
    ? ['*API Management* has no gateway here']
    : ['*API Management* here, the last 15 minutes that have come', gatewayLine(gateway)];
}

function vaultLines(vault: RegionServices['vault']): string[] {
  if (vault === undefined) return ['❔ *Key Vault:* not readable just now'];
  if (vault === null)
    return [`*Key Vault:* none is named in the estate file; name it as ${code('keyVault')} of the region`];
  const { requests, availabilityPercent, latencyMs, refused = 0, throttled = 0, failed = 0 } = vault;
  const title = `*Key Vault* ${name(vault.name)}`;
  if (requests === undefined)
    return [`❔ ${title} — no figures of the last hour: nobody asked it, or Azure is late with them`];
  const figures = [
    availabilityPercent === undefined ? 'availability not known' : `${percent(availabilityPercent)} available`,
    `${whole(requests)} requests`,
    latencyMs === undefined ? 'latency not known' : `${Math.round(latencyMs)} ms`,
  ];
  const troubles = [
    ...(failed > 0
      ? [`🔴 ${times(failed, requests)} failed within the vault (5xx): look at Azure’s service health`]
      : []),
    ...(refused > 0 ? [`⚠️ ${times(refused, requests)} refused (403): somebody’s rights on it, or its firewall`] : []),
    ...(throttled > 0
      ? [
          `⚠️ ${times(throttled, requests)} throttled (429): its clients should keep what they read, or use a second vault`,
        ]
      : []),
  ];
  return [`${vaultSign(vault)} ${title} — ${figures.join(', ')} in the last hour`, ...troubles];
}

function vaultSign({ availabilityPercent = 100, failed = 0, refused = 0, throttled = 0 }: VaultAccess): string {
  if (failed > 0 || availabilityPercent < vaultSlaPercent) return '🔴';
  return refused > 0 || throttled > 0 ? '⚠️' : '✅';
}

function automationLines(automation: RegionServices['automation']): string[] {
  if (automation === undefined) return ['❔ *Automation:* not readable just now'];
  if (automation === null)
    return [`*Automation:* no account is named in the estate file; name it as ${code('automation')} of the region`];
  const { results } = automation;
  const title = `*Automation* ${name(automation.name)}`;
  if (results.length === 0) return [`${title} — no job started in the last 24 hours`];
  const jobs = results.reduce((sum, each) => sum + each.jobs, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  const left = results.length - mostRunbooks;
  return [
    `${sign(results)} ${title} — ${jobs} ${jobs === 1 ? 'job' : 'jobs'} in the last 24 hours, ${failed === 0 ? 'none failed' : `${failed} failed`}`,
    ...results.slice(0, mostRunbooks).map(resultLine),
    ...(left > 0 ? [`… ${left} more runbooks, whose last job did not fail`] : []),
  ];
}

function sign(results: readonly RunbookResult[]): string {
  if (results.some(({ last }) => hasFailed(last))) return '🔴';
  return results.some(({ failed }) => failed > 0) ? '⚠️' : '✅';
}

function resultLine({ runbook, last, jobs, failed, lastCompletedAt, error }: RunbookResult): string {
  const bad = hasFailed(last);
  const mark = bad ? '🔴' : failed > 0 ? '⚠️' : /^completed$/i.test(last.status) ? '✅' : '▫️';
  const count = failed > 0 ? `; ${failed} of ${jobs} failed` : '';
  const since = !bad
    ? ''
    : lastCompletedAt === undefined
      ? '; none completed in that time'
      : `; it last completed at ${date(lastCompletedAt, 'day')}`;
  const why = error === undefined ? '' : `: ${cut(escapeText(redact(error)), 200)}`;
  return `${mark} ${name(runbook)} — ${cut(escapeText(last.status.toLowerCase()), 30)} at ${date(last.endedAt ?? last.startedAt, 'day')}${count}${since}${why}`;
}

function name(text: string): string {
  return cut(escapeText(text), 60);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

function times(count: number, all: number): string {
  return `${whole(count)}${all > 0 ? ` (${percent((100 * count) / all)})` : ''}`;
}

/** Never rounded up to 100, nor down to 0. */
function percent(value: number): string {
  if (value > 0 && value < 0.01) return 'under 0.01 %';
  return `${value > 99 && value < 100 ? Math.floor(value * 100) / 100 : Number(value.toPrecision(3))} %`;
}
