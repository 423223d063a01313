import { OpsError } from '../../errors.ts';

/** The host of our own Web API, which an emulator serves everything from. */
export function ownHosts(apiUrl: string | undefined): string[] {
  return apiUrl === undefined ? [] : [new URL(apiUrl).host];
}

/** Sends to a URL that came from outside: to Slack's hosts only, over https there, and no redirect is followed. */
export async function sendToSlack(
  url: string,
  init: RequestInit,
  timeoutMs: number,
  hosts: readonly string[],
): Promise<void> {
  const target = URL.parse(url);
  const isOurs =
    target !== null &&
    hosts.includes(target.host) &&
    (target.protocol === 'https:' || !target.host.endsWith('slack.com'));
  if (!isOurs)
    throw new OpsError('bad-input', 'Slack named an address that is not Slack’s; it was not called.', {
      service: 'Slack',
    });
  let status: number;
  try {
    ({ status } = await fetch(target, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }));
  } catch (cause) {
    const late = (cause as Error).name === 'TimeoutError';
    throw new OpsError(
      late ? 'timeout' : 'unavailable',
      late ? 'Slack did not answer in time.' : 'Slack can’t be reached.',
      { service: 'Slack', cause },
    );
  }
  if (status === 429)
    throw new OpsError('throttled', 'Slack asks to answer later.', { service: 'Slack', retryAfterMs: 1_000 });
  if (status === 404 || status === 410)
    throw new OpsError('not-found', 'Slack no longer takes this answer.', { service: 'Slack' });
  if (status >= 500) throw new OpsError('unavailable', `Slack answered with status ${status}.`, { service: 'Slack' });
  if (status >= 400)
    throw new OpsError('bad-input', `Slack refused the answer with status ${status}.`, { service: 'Slack' });
}
