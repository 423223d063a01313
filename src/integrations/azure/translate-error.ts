import { ZodError } from 'zod';
import { type ErrorCode, OpsError } from '../../errors.ts';
import { type ErrorFacts, errorFacts } from './error-facts.ts';

/** With one of these, also as a 429, another change holds a lock: it is not that we ask too much. */
const busyCodes = [
  'RetryableErrorDueToAnotherOperation',
  'AnotherOperationInProgress',
  'OperationInProgress',
  'ConflictingConcurrentWriteNotAllowed',
];
const forbiddenCodes = ['ScopeLocked', 'RequestDisallowedByPolicy'];
/** The identity could not get a token at all. */
const credentialErrors = [
  'CredentialUnavailableError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
];

/**
 * Any error of an Azure SDK → OpsError. `what` is what we asked for, to complete “Azure could not …”:
 * `read the gateway agw-stamps`. `now` resolves a Retry-After that is a date.
 */
export function translateError(thrown: unknown, what: string, now: number): OpsError {
  if (thrown instanceof OpsError) return thrown;
  const facts = errorFacts(thrown, now);
  const code = thrown instanceof ZodError || thrown instanceof SyntaxError ? 'bad-response' : errorCode(facts);
  const { message, hint } = sentences(code, what, facts.retryAfterMs);
  const words = code === 'bad-response' || code === 'timeout' ? undefined : azureWords(facts);
  return new OpsError(code, words === undefined ? message : `${message} ${words}`, {
    hint,
    service: 'Azure',
    cause: thrown,
    ...(facts.retryAfterMs !== undefined && { retryAfterMs: facts.retryAfterMs }),
  });
}

/** The same sentences for what we find out ourselves. */
export function azureError(code: ErrorCode, what: string, cause?: unknown): OpsError {
  const { message, hint } = sentences(code, what);
  return new OpsError(code, message, { hint, service: 'Azure', cause });
}

function errorCode({ status, code, name }: ErrorFacts): ErrorCode {
  // A caller's own abort never comes here: this is a request that ended by the timeout it was sent with.
  if (name === 'AbortError' && status === undefined) return 'timeout';
  if (name === 'TimeoutError' || code === 'TimeoutError' || status === 408) return 'timeout';
  if (credentialErrors.includes(name)) return status !== undefined && status >= 500 ? 'unavailable' : 'not-allowed';
  if (busyCodes.includes(code ?? '')) return 'conflict';
  if (forbiddenCodes.includes(code ?? '')) return 'not-allowed';
  if (status === undefined) return isNetwork(code) ? 'unavailable' : 'bad-response';
  if (status >= 500) return 'unavailable';
  return byStatus[status] ?? (status >= 400 ? 'bad-input' : 'bad-response');
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'not-allowed',
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  412: 'precondition-failed',
  429: 'throttled',
};

/** The pipeline's own name for it, Node's (`ECONNRESET`), or OpenSSL's (`SELF_SIGNED_CERT_IN_CHAIN`). */
function isNetwork(code: string | undefined): boolean {
  return code !== undefined && /^(REQUEST_SEND_ERROR$|E[A-Z_]{3,}|UND_ERR_|DEPTH_|SELF_|UNABLE_|CERT_)/.test(code);
}

function azureWords({ says, code }: ErrorFacts): string | undefined {
  const sentence = says === code ? undefined : says;
  if (sentence !== undefined) return `Azure says: “${sentence}”${code === undefined ? '' : ` (${code})`}`;
  return code === undefined ? undefined : `Azure’s code for it is ${code}.`;
}

function sentences(code: ErrorCode, what: string, retryAfterMs?: number): { message: string; hint: string } {
  switch (code) {
    case 'not-allowed':
      return {
        message: `Azure did not let Stamps ${what}.`,
        hint: 'The app’s identity needs the role in docs/azure-role.json, to recover data that in docs/azure-recovery-role.json, and no lock or policy may forbid it.',
      };
    case 'not-found':
      return {
        message: `Azure could not ${what}: it is not there.`,
        hint: '`/stamps estate check` compares the estate file with Azure.',
      };
    case 'conflict':
      return {
        message: `Azure is at work on another change and did not ${what}.`,
        hint: 'It is free again when that change has ended.',
      };
    case 'precondition-failed':
      return {
        message: `Azure did not ${what}, because it was changed in the meantime.`,
        hint: 'Look at what it is now, and decide again.',
      };
    case 'throttled':
      return {
        message: `Azure had too many requests and did not ${what}.`,
        hint:
          retryAfterMs === undefined
            ? 'Try again in a minute.'
            : `Azure asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`,
      };
    case 'timeout':
      return {
        message: `Azure did not answer in time when asked to ${what}.`,
        hint: 'Whether it happened is not known: look at what is there before it is repeated.',
      };
    case 'bad-input':
      return {
        message: `Azure refused to ${what}, as the request was wrong.`,
        hint: 'Repeating it does not help. `/stamps estate check` compares the estate file with Azure.',
      };
    case 'bad-response':
      return {
        message: `Azure’s answer made no sense when asked to ${what}.`,
        hint: 'If it stays so, Azure has changed its interface, or something stands between it and Stamps.',
      };
    default:
      return {
        message: `Azure could not ${what}.`,
        hint: 'Try again in a minute; https://azure.status.microsoft shows whether Azure has trouble.',
      };
  }
}
