import type { Alert, AlertPlace } from './alert.ts';
import type { Severity } from './severity.ts';

/** INVENTORY D1: one cell → P2, several cells or a region → P1, global → P0. What the estate does not know is taken for one cell. */
const byScope: Readonly<Record<AlertPlace['scope'], Severity>> = {
  cell: 'P2',
  unknown: 'P2',
  region: 'P1',
  global: 'P0',
};

/** Sev3 (informational) and Sev4 (verbose) say that something happened, not that somebody is hurt. */
export function isSerious({ azureSeverity }: Pick<Alert, 'azureSeverity'>): boolean {
  return azureSeverity <= 2;
}

/**
 * The severity that evidence shows: where the trouble is, tempered by how sure Azure's Sev0–4 makes of it.
 * Sev0 and Sev1 (critical, error) count for what their place says; Sev2 (warning) never for more than P1, so that a
 * threshold alone does not wake executives; Sev3 and Sev4 for P3.
 */
export function evidentSeverity(scope: AlertPlace['scope'], azureSeverity: Alert['azureSeverity']): Severity {
  if (!isSerious({ azureSeverity })) return 'P3';
  const severity = byScope[scope];
  return azureSeverity === 2 && severity === 'P0' ? 'P1' : severity;
}
