/** Impact, P0 worst (INVENTORY D1: P0 executives within 15 min, P1 30 min, P2 2 h, P3 24 h). Azure's Sev0–4 stays at the edge. */
export const severities = ['P0', 'P1', 'P2', 'P3'] as const;
export type Severity = (typeof severities)[number];

/** The more severe of two. */
export function worse(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) <= severities.indexOf(b) ? a : b;
}
