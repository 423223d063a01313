import type { ApiGatewayStatus, ApiStatus } from '../domain/api-status.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, header, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { wordLine } from './resource-health.ts';
import { statusButtonId } from './status-buttons.ts';

/** API Management: its gateways with what they do, the global policy, and the regions' own probes. */
export function apimStatusCard(status: ApiStatus, readAt: string): MessageContent {
  const { name, provisioningState, gateways, policy, health, probes, troubles } = status;
  return message('Status of API Management', [
    header('Status of API Management'),
    section(
      name === undefined
        ? '❔ The service is not known.'
        : `${provisioningState === 'Succeeded' ? '✅' : '⚠️'} *${cut(escapeText(name), 80)}* — ${cut(escapeText(provisioningState ?? ''), 60)}`,
      policyLine(policy),
      ...(health === null ? [] : [wordLine(health)]),
    ),
    ...(gateways.length > 0 ? [section('*Gateways*', ...gateways.map(gatewayLine))] : []),
    ...(probes.length > 0
      ? [
          section(
            '*Health probes*, asked just now',
            ...probes.map(({ region, status, tookMs }) =>
              status === undefined
                ? `❔ ${cut(escapeText(region), 60)} — not known`
                : `${status < 400 ? '✅' : '🔴'} ${cut(escapeText(region), 60)} — ${status} in ${Math.round(tookMs ?? 0)} ms`,
            ),
          ),
        ]
      : []),
    ...(troubles.length > 0
      ? [
          section(
            '*Not known:* some of it could not be read.',
            ...troubles.map((says) => `• ${cut(escapeText(says), 250)}`),
          ),
        ]
      : []),
    context(
      `read at ${date(readAt)}`,
      'calls of the last 15 minutes that have come',
      code('/stamps tenant usage <tenant>'),
    ),
    ...actions(button({ text: 'The estate', value: 'global', actionId: statusButtonId(0) })),
  ]);
}

function policyLine(policy: ApiStatus['policy']): string {
  if (policy === undefined) return '❔ Global policy: not known';
  if (policy === null) return 'Global policy: there is none';
  const names = cutList(
    policy.map((element) => escapeText(element)),
    8,
  );
  // Azure refuses to save a policy that it cannot compile.
  return `✅ Global policy: compiled when it was saved; has ${names || 'nothing but its sections'}`;
}

/** `✅ *East US* — reaches all that it needs; 45,600 calls, 12 with a 5xx, adds 14 ms (p95)`. */
export function gatewayLine(gateway: ApiGatewayStatus): string {
  const { location, enabled, unreachable, calls, failed, p95Ms } = gateway;
  const broken = unreachable !== undefined && unreachable.length > 0;
  const sign = !enabled ? '⛔' : broken ? '🔴' : unreachable === undefined ? '❔' : '✅';
  const state = !enabled
    ? 'switched off'
    : broken
      ? `can’t reach ${cutList(
          unreachable.map((name) => cut(escapeText(name), 80)),
          2,
        )}`
      : unreachable === undefined
        ? 'what it can reach is not known'
        : 'reaches all that it needs';
  const figures =
    calls === undefined
      ? 'calls not known'
      : calls === 0
        ? 'no calls'
        : [
            `${calls.toLocaleString('en-GB')} calls`,
            failed === undefined ? undefined : `${failed.toLocaleString('en-GB')} with a 5xx`,
            p95Ms === undefined ? undefined : `adds ${Math.round(p95Ms)} ms (p95)`,
          ]
            .filter((part) => part !== undefined)
            .join(', ');
  return `${sign} *${cut(escapeText(location), 60)}* — ${state}; ${figures}`;
}
