import { Resolver } from 'node:dns/promises';
import { attentiveDeadline } from '../../domain/attentive-deadline.ts';
import type { Estate } from '../../domain/estate.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { ProbesPort } from '../../ports/probes.ts';

export interface ProbesConfig {
  readonly estate: Pick<Estate, 'regions' | 'publicHost' | 'dnsServers'>;
  readonly clock: Clock;
  /** How long one question may take; default 5 s. */
  readonly deadlineMs?: number;
}

/**
 * DNS is asked over UDP, which may lose a question: it is asked again after this part of the deadline, and once more after
 * double that (nodejs.org, “DNS”, `new Resolver`; c-ares, ares_init_options(3)).
 */
const askAgainAfterShare = 0.3;
const mostAsked = 3;
/** A chain that is longer goes in a circle. */
const longestChain = 8;
/** DNS's own words for “there is no such record”: the end of a chain, no fault. */
const noRecord = ['ENODATA', 'ENOTFOUND'];

/** DNS and HTTP as clients of the estate use them. Nothing is asked that the estate file does not name. */
export function createProbes({ estate, clock, deadlineMs = 5_000 }: ProbesConfig): ProbesPort {
  const allowed = new Set(
    estate.regions.flatMap(({ probeUrl }) => (probeUrl === undefined ? [] : [new URL(probeUrl).host])),
  );

  return {
    async leadsTo(host, signal) {
      if (host !== estate.publicHost) throw notAllowed(host);
      return within(deadlineMs, `resolve ${host}`, signal, async (either) => {
        const resolver = new Resolver({ timeout: Math.ceil(deadlineMs * askAgainAfterShare), tries: mostAsked });
        if (estate.dnsServers && estate.dnsServers.length > 0) resolver.setServers([...estate.dnsServers]);
        const cancel = () => resolver.cancel();
        either.addEventListener('abort', cancel, { once: true });
        try {
          return await endOfChain(resolver, host);
        } finally {
          either.removeEventListener('abort', cancel);
        }
      });
    },

    async call(url, signal) {
      const target = URL.canParse(url) ? new URL(url) : undefined;
      if (target?.protocol !== 'https:' || target.username !== '' || !allowed.has(target.host)) throw notAllowed(url);
      return within(deadlineMs, `call ${target.host}`, signal, async (either, lostMs) => {
        // What this process did not get to run is no slowness of who is asked.
        const now = () => clock.now() - lostMs();
        const ask = async () => {
          const began = now();
          const answer = await fetch(target, { redirect: 'manual', signal: either });
          await answer.body?.cancel();
          return { status: answer.status, tookMs: Math.max(0, now() - began) };
        };
        // One connection that breaks is no place that does not answer.
        return ask().catch((error: unknown) => {
          either.throwIfAborted();
          return ask().catch(() => Promise.reject(error));
        });
      });
    },
  };
}

async function endOfChain(resolver: Resolver, host: string): Promise<string | undefined> {
  let name = host;
  for (let links = 0; links < longestChain; links += 1) {
    try {
      const [next] = await resolver.resolveCname(name);
      if (next === undefined) return name;
      name = next.toLowerCase();
    } catch (error) {
      if (!noRecord.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return name === host && (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? undefined : name;
    }
  }
  throw new OpsError('bad-response', `${host} leads in a circle.`, { service: 'DNS' });
}

async function within<T>(
  deadlineMs: number,
  what: string,
  signal: AbortSignal,
  work: (signal: AbortSignal, lostMs: () => number) => Promise<T>,
): Promise<T> {
  const deadline = attentiveDeadline(deadlineMs, systemClock);
  try {
    return await work(AbortSignal.any([signal, deadline.signal]), deadline.lostMs);
  } catch (error) {
    signal.throwIfAborted();
    if (isOpsError(error)) throw error;
    const service = what.startsWith('resolve') ? 'DNS' : 'HTTP';
    if (deadline.starved()) throw missed(what, error);
    const late = deadline.signal.aborted || (error as NodeJS.ErrnoException).code === 'ETIMEOUT';
    throw new OpsError(
      late ? 'timeout' : 'unavailable',
      `Stamps could not ${what}: ${late ? 'no answer in time' : 'no connection'}.`,
      {
        hint: 'It was asked from where Stamps runs; clients elsewhere may see something else.',
        service,
        cause: error,
      },
    );
  } finally {
    deadline.end();
  }
}

/** Of who was asked nothing is known then. */
function missed(what: string, cause: unknown): OpsError {
  return new OpsError(
    'throttled',
    `Stamps itself hardly got to run, so it missed the answer when it tried to ${what}.`,
    {
      hint: 'Its machine has too much to do: see to that, then ask again.',
      cause,
    },
  );
}

function notAllowed(what: string): OpsError {
  return new OpsError('not-allowed', `“${what.slice(0, 120)}” is not among the hosts that the estate file names.`, {
    hint: 'Name it as `publicHost`, or as the `probe` of a region, in the estate file.',
  });
}
