import type { SeededTenant } from './tenants.ts';

const dayMs = 86_400_000;

/** Waves on top of a tenant's mean: how high, as a share, and how long. Together at most 27 % up or down. */
const waves = [
  { share: 0.18, periodMs: dayMs },
  { share: 0.06, periodMs: 11 * 60_000 },
  { share: 0.03, periodMs: 97_000 },
];

/** Requests a second that a tenant asks for at a time: smooth, and the same for the same seed and time. */
export function demandOf({ record, requestsPerSecond }: SeededTenant, seed: number, at: number): number {
  if (record.status !== 'active') return 0;
  return waves.reduce((demand, { share, periodMs }, wave) => {
    const phase = fraction(`${seed}:${wave === 0 ? record.region : record.tenantId}:${wave}`);
    return demand + requestsPerSecond * share * Math.sin(2 * Math.PI * (at / periodMs + phase));
  }, requestsPerSecond);
}

/** A number from 0 to 1 out of a text (FNV-1a). */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
