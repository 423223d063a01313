import { redact } from '../domain/redact.ts';
import { withDeadline } from './deadline.ts';

/** Resolves when the thing is there; rejects with the reason when it is not. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** An answer to `GET /healthz` or `GET /readyz`. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: { readonly ok: boolean; readonly checks: Readonly<Record<string, string>> };
}

/** Alive: the process answers. Says nothing of others, or an outage of Slack would restart every replica. */
export function alive(): HealthAnswer {
  return { status: 200, body: { ok: true, checks: {} } };
}

/** Ready: every probe answers in time. All run at once; by name, `ok` or the reason why not. */
export async function readiness(probes: Readonly<Record<string, Probe>>, deadlineMs = 2_000): Promise<HealthAnswer> {
  const checks = Object.fromEntries(
    await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await outcome(probe, deadlineMs)])),
  );
  const ok = Object.values(checks).every((says) => says === 'ok');
  return { status: ok ? 200 : 503, body: { ok, checks } };
}

async function outcome(probe: Probe, deadlineMs: number): Promise<string> {
  try {
    await withDeadline(probe, deadlineMs);
    return 'ok';
  } catch (error) {
    return redact(error instanceof Error ? error.message : String(error));
  }
}
