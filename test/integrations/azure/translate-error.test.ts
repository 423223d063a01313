import { RestError } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { type ErrorCode, OpsError } from '../../../src/errors.ts';
import { translateError } from '../../../src/integrations/azure/translate-error.ts';

const rest = (statusCode: number | undefined, code?: string, message = 'It went wrong.') =>
  new RestError(message, { ...(statusCode !== undefined && { statusCode }), ...(code !== undefined && { code }) });
const named = (name: string, more: object = {}) => Object.assign(new Error('words'), { name, ...more });
const translated = (error: unknown) => translateError(error, 'read the gateway agw', 0);

describe('translateError', () => {
  it.each<[string, unknown, ErrorCode]>([
    ['401', rest(401), 'not-allowed'],
    ['403', rest(403, 'AuthorizationFailed'), 'not-allowed'],
    ['404', rest(404, 'ResourceNotFound'), 'not-found'],
    ['409', rest(409, 'Conflict'), 'conflict'],
    ['409 of a lock that a person set', rest(409, 'ScopeLocked'), 'not-allowed'],
    ['412', rest(412, 'PreconditionFailed'), 'precondition-failed'],
    ['429', rest(429, 'TooManyRequests'), 'throttled'],
    ['429 of another operation', rest(429, 'RetryableErrorDueToAnotherOperation'), 'conflict'],
    ['400', rest(400, 'InvalidRequestFormat'), 'bad-input'],
    ['408', rest(408), 'timeout'],
    ['500', rest(500), 'unavailable'],
    ['503', rest(503, 'ServiceUnavailable'), 'unavailable'],
    ['a page of HTML with 502', rest(502, 'PARSE_ERROR', '<html>'), 'unavailable'],
    ['a reset connection', rest(undefined, 'REQUEST_SEND_ERROR'), 'unavailable'],
    ['a host that is not found', rest(undefined, 'ENOTFOUND'), 'unavailable'],
    ['a certificate that nobody trusts', rest(undefined, 'SELF_SIGNED_CERT_IN_CHAIN'), 'unavailable'],
    ['JSON that cannot be read', rest(200, 'PARSE_ERROR'), 'bad-response'],
    ['JSON of another shape', z.string().safeParse(1).error, 'bad-response'],
    ['no token', named('CredentialUnavailableError'), 'not-allowed'],
    ['no token, as the service has trouble', named('AuthenticationError', { statusCode: 503 }), 'unavailable'],
    ['Cosmos 404', { code: 404, message: 'Resource Not Found' }, 'not-found'],
    ['Cosmos 429', { code: 429, message: 'Request rate is large' }, 'throttled'],
    ['Cosmos’s own timeout', named('TimeoutError', { code: 'TimeoutError' }), 'timeout'],
    ['a request that ended by its own timeout', named('AbortError'), 'timeout'],
    ['a string', 'oh no', 'bad-response'],
  ])('calls %s by our code', (_name, error, code) => {
    expect(translated(error)).toMatchObject({ code, service: 'Azure', hint: expect.stringMatching(/\.$/) });
  });

  it('passes our own errors on', () => {
    const error = new OpsError('refused', 'No.');
    expect(translated(error)).toBe(error);
  });

  it('says what was asked, and what Azure says', () => {
    const { message } = translated(rest(403, 'AuthorizationFailed', 'The client may not do that.'));
    expect(message).toBe(
      'Azure did not let Stamps read the gateway agw. Azure says: “The client may not do that.” (AuthorizationFailed)',
    );
  });

  it('shows people one short line without marks that hide or reverse text', () => {
    const { message } = translated(rest(500, undefined, `a\u202eb\n${'x'.repeat(2_000)}`));
    expect(message).not.toMatch(/[\u202e\n]/);
    expect(message.length).toBeLessThan(400);
  });

  it('keeps how long Cosmos asks to wait', () => {
    expect(translated({ code: 429, headers: { 'x-ms-retry-after-ms': '40' } }).retryAfterMs).toBe(40);
  });
});
