import type { KnownBlock } from '@slack/types';
import type { CellTenant } from '../domain/cell-tenants.ts';
import { type KpiDefinition, kpiState } from '../domain/kpi.ts';
import { kpiValue } from '../domain/kpi-words.ts';
import { cut, moreThan } from './cut.ts';
import { section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { kpiStateWords } from './kpi-lines.ts';

const mostShown = 10;

/** How a cell answers each of its tenants. `latency`: what they are judged by; absent: nothing is said about good or bad. */
export function cellTenantsSection(
  tenants: readonly CellTenant[] | undefined,
  latency: KpiDefinition | undefined,
): KnownBlock[] {
  const title = '*Response time by tenant*, p95 of the last 15 minutes that have come';
  if (tenants === undefined) return [section('❔ *Response time by tenant:* not known')];
  if (tenants.length === 0) return [section(`${title}: no requests`)];
  const left = tenants.length - mostShown;
  return [
    section(
      `${title}, the slowest first`,
      ...tenants.slice(0, mostShown).map((one) => line(one, latency)),
      ...(left > 0 ? [moreThan(left)] : []),
    ),
  ];
}

function line({ tenant, requests, failed, p95Ms }: CellTenant, latency: KpiDefinition | undefined): string {
  const name = tenant === undefined ? 'without a tenant' : cut(escapeText(tenant), 80);
  const time = p95Ms === undefined ? 'too few requests for a p95' : kpiValue('milliseconds', p95Ms);
  const state = latency && p95Ms !== undefined ? `, ${kpiStateWords[kpiState(latency, p95Ms)]}` : '';
  const bad = failed > 0 ? `, ⚠️ ${failed.toLocaleString('en-GB')} failed` : '';
  return `• ${name} — ${time}${state}; ${requests.toLocaleString('en-GB')} requests${bad}`;
}
