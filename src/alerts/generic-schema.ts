import { z } from 'zod';
import type { SentAlert } from '../domain/alert.ts';
import { OpsError } from '../errors.ts';
import { httpsLink, kept, keyOf, moment } from './sent-alert.ts';

/** What isn't Azure posts this to `/alerts/generic`; docs/generic-alerts.md describes it to its writers. */
const genericAlert = z.strictObject({
  version: z.literal(1),
  /** The same for fired and resolved. */
  id: z.string().min(1).max(400),
  status: z.enum(['fired', 'resolved']),
  rule: z.string().min(1).max(300),
  description: z.string().max(100_000).default(''),
  severity: z.enum(['critical', 'error', 'warning', 'info', 'debug']).default('error'),
  firedAt: z.iso.datetime({ offset: true }).optional(),
  resolvedAt: z.iso.datetime({ offset: true }).optional(),
  cell: z.string().max(100).optional(),
  region: z.string().max(100).optional(),
  /** ARM ids, where it has them. */
  resources: z.array(z.string().max(2_000)).max(50).default([]),
  metric: z
    .strictObject({
      name: z.string().min(1).max(300),
      value: z.number().finite().optional(),
      threshold: z.number().finite().optional(),
      operator: z.enum(['GreaterThan', 'LessThan', 'GreaterThanOrEqual', 'LessThanOrEqual', 'Equals']).optional(),
    })
    .optional(),
  link: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .optional(),
});

const severities = { critical: 0, error: 1, warning: 2, info: 3, debug: 4 } as const;

/** Throws `bad-input` that names each field that is wrong. */
export function readGenericAlert(body: unknown, now: string): SentAlert {
  const parsed = genericAlert.safeParse(body);
  if (!parsed.success) {
    const faults = parsed.error.issues
      .slice(0, 10)
      .map(({ path, message }) => `${kept(path.join('.') || 'the body', 'name')}: ${kept(message, 'name')}`);
    throw new OpsError('bad-input', `This is not an alert: ${faults.join('; ')}.`, {
      hint: 'docs/generic-alerts.md describes what is taken.',
    });
  }
  const { id, status, rule, description, severity, cell, region, resources, metric, ...rest } = parsed.data;
  const firedAt = moment(rest.firedAt) ?? moment(rest.resolvedAt) ?? now;
  const link = httpsLink(rest.link);
  const { value, threshold, operator } = metric ?? {};
  return {
    // Without a moment of its own, a repeat can only be told by its id: it is one alert until it is resolved.
    key: keyOf('generic', id, status, rest.firedAt ?? rest.resolvedAt ?? ''),
    instance: keyOf('generic', id),
    kind: 'generic',
    condition: status,
    rule: kept(rule, 'name'),
    description: kept(description, 'description'),
    azureSeverity: severities[severity],
    firedAt,
    ...(status === 'resolved' && { resolvedAt: moment(rest.resolvedAt) ?? now }),
    resources: resources.map((one) => kept(one, 'id')),
    ...(metric && {
      metric: {
        name: kept(metric.name, 'name'),
        ...(value !== undefined && { value }),
        ...(threshold !== undefined && { threshold }),
        ...(operator !== undefined && { operator }),
      },
    }),
    ...(link !== undefined && { link }),
    ...((cell !== undefined || region !== undefined) && {
      said: { ...(cell !== undefined && { cell }), ...(region !== undefined && { regions: [region] }) },
    }),
  };
}
