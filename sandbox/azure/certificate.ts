import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. It is its own authority: whoever trusts it, trusts the servers that show it. */
  readonly cert: string;
  /** PEM. Never leaves the process. */
  readonly key: string;
}

/**
 * A certificate for localhost and 127.0.0.1, new at each start and good for a week. The Azure SDKs refuse to send a
 * bearer token over plain http (core-rest-pipeline, bearerTokenAuthenticationPolicy), so the emulator serves TLS and
 * the app trusts this certificate through NODE_EXTRA_CA_CERTS. ECDSA, as an RSA key takes up to a second to make.
 */
export async function createCertificate(): Promise<Certificate> {
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Stamps sandbox' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of containers on one machine may differ a little.
    notBeforeDate: new Date(now - 3_600_000),
    notAfterDate: new Date(now + 7 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert, key };
}
