import { ErrorCode, type WebAPICallError } from '@slack/web-api';
import { OpsError } from '../../errors.ts';

/** Slack's words (docs.slack.dev, each method's “Errors”) for what is not there. */
const notFound = /(_not_found|no_such_subteam|unknown_method|thread_not_found|channel_is_archived|is_archived)$/;
/** … for what this app or token may not do. */
const notAllowed =
  /^(not_authed|invalid_auth|account_inactive|token_revoked|token_expired|missing_scope|not_in_channel|restricted_action|no_permission|access_denied|ekm_access_denied|not_allowed_token_type|cant_update_message|edit_window_closed|canvas_disabled|free_team|team_tier)/;
/** … for a fault of theirs that may pass. */
const passing = /^(internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org)$/;

/** Slack's failures in the port's words; what was sent or received is never part of the message. */
export function translateSlackError(error: unknown, method: string): OpsError {
  if (error instanceof OpsError) return error;
  const failure = error as WebAPICallError & {
    data?: { error?: string; response_metadata?: { messages?: string[] } };
    retryAfter?: number;
    statusCode?: number;
    name?: string;
  };
  const details = { service: 'Slack', cause: error };
  if (failure.name === 'AbortError' || failure.name === 'TimeoutError')
    return new OpsError('timeout', `Slack did not answer ${method} in time.`, details);

  switch (failure.code as ErrorCode | undefined) {
    case ErrorCode.RateLimitedError:
      return new OpsError('throttled', `Slack asks to call ${method} later.`, {
        ...details,
        retryAfterMs: (failure.retryAfter ?? 1) * 1_000,
      });
    case ErrorCode.HTTPError: {
      const away = (failure.statusCode ?? 500) >= 500;
      // A 5xx after a post may hide a post that happened.
      return new OpsError(
        away ? 'unavailable' : 'bad-response',
        `Slack answered ${method} with status ${failure.statusCode}.`,
        details,
      );
    }
    case ErrorCode.RequestError:
      return new OpsError('unavailable', 'Slack can’t be reached.', details);
    case ErrorCode.PlatformError: {
      const says = failure.data?.error ?? 'unknown_error';
      const messages = failure.data?.response_metadata?.messages ?? [];
      if (says === 'ratelimited')
        return new OpsError('throttled', `Slack asks to call ${method} later.`, { ...details, retryAfterMs: 1_000 });
      const code = notFound.test(says)
        ? 'not-found'
        : notAllowed.test(says)
          ? 'not-allowed'
          : passing.test(says)
            ? 'unavailable'
            : 'bad-input';
      return new OpsError(code, `Slack refused ${method}: ${[says, ...messages].join('; ').slice(0, 500)}.`, details);
    }
    default:
      return new OpsError('bad-response', `Slack’s answer to ${method} could not be used.`, details);
  }
}

/** Slack's own word for a refusal: `name_taken`. Undefined: it was no refusal of Slack's. */
export function slackWord({ cause }: OpsError): string | undefined {
  const said = (cause as { data?: { error?: unknown } } | undefined)?.data?.error;
  return typeof said === 'string' ? said : undefined;
}
