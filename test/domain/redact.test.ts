import { redact } from '../../src/domain/redact.ts';
import { plantedSecrets } from '../support/planted-secrets.ts';
import { fc } from '../support/properties.ts';

describe('redact', () => {
  it.each(plantedSecrets(1))('hides $shape', ({ text, secret }) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('[redacted]');
  });

  it('keeps what names the secret, so that people know what was there', () => {
    expect(redact('GET https://st.blob.core.windows.net/c?sv=2024&sig=aBc%2B1&se=2026')).toBe(
      'GET https://st.blob.core.windows.net/c?sv=2024&sig=[redacted]&se=2026',
    );
    expect(redact('postgres://stamps:hunter2@db:5432/stamps')).toBe('postgres://stamps:[redacted]@db:5432/stamps');
  });

  it.each([
    'Isolate cell-banking for 4h because card payments time out',
    '/subscriptions/0000/resourceGroups/rg-stamps-production/providers/Microsoft.App/containerApps/app-cell-banking',
    'plan 1a2b3c4d, hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0ba0c9d7e2b1c6f0e1a2b3',
    'RetryableErrorDueToAnotherOperation (409), code=GatewayBusy',
    'https://management.azure.com/providers?api-version=2024-05-01',
    'mail ana@example.com about https://example.com/a:b',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('leaves JSON that is still JSON, at any depth of quoting', () => {
    const secrets = plantedSecrets(20);
    fc.assert(
      fc.property(fc.subarray(secrets, { minLength: 1 }), fc.boolean(), (some, nested) => {
        const fields = Object.fromEntries(some.map(({ text }, index) => [`field${index}`, text]));
        const line = JSON.stringify(nested ? { body: JSON.stringify(fields) } : fields);
        const clean = redact(line);
        JSON.parse(clean);
        expect(some.filter(({ secret }) => clean.includes(secret))).toEqual([]);
      }),
    );
  });

  it('hides given secrets that have no shape', () => {
    expect(redact('key 0123456789abcdef, again 0123456789abcdef', ['0123456789abcdef'])).toBe(
      'key [redacted], again [redacted]',
    );
  });
});
