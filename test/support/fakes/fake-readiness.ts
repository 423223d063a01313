import type { AppQuota, ReadinessPort, ShownCertificate } from '../../../src/ports/readiness.ts';

/** Room for everything, and certificates that hold for a year. */
export function createFakeReadiness() {
  const holds = () => Date.now() + 365 * 86_400_000;
  const fake = {
    quota: { environment: 'cae-dr', coresPerReplica: 1, cores: { used: 5, limit: 100 } } as AppQuota,
    gateway: [{ name: 'stamps-tls', expiresAt: holds() }] as ShownCertificate[],
    frontDoor: [{ name: 'www', expiresAt: holds() }] as ShownCertificate[],
  };
  const port: ReadinessPort = {
    quota: async () => fake.quota,
    gatewayCertificates: async () => fake.gateway,
    frontDoorCertificates: async () => fake.frontDoor,
  };
  return Object.assign(fake, { port });
}
