import tls from 'node:tls';
import type { Certificate } from '../../sandbox/azure/certificate.ts';

/**
 * The one certificate of a test run, which the process that asks trusts from then on. A process that runs several test
 * files keeps the trust of its first connection, so every TLS server of the tests shows this certificate and no other.
 */
export function trustedCertificate(): Certificate {
  const certificate: Certificate = JSON.parse(process.env.TEST_CERTIFICATE ?? '');
  const trusted = tls.getCACertificates('default');
  if (!trusted.includes(certificate.cert)) tls.setDefaultCACertificates([...trusted, certificate.cert]);
  return certificate;
}
